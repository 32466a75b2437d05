#include "io/store/import/row_files.hpp"

#include <boost/json.hpp>

#include "core/base/json_text.hpp"

namespace hayate::store {
namespace {

namespace json = boost::json;

std::string_view without_bom(std::string_view content) {
    return content.starts_with("\xEF\xBB\xBF") ? content.substr(3) : content;
}

void parse_line(std::string_view line, size_t number, const std::string& file,
                std::vector<Row>& rows, Problems& problems) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    if (!base::is_valid_utf8(line)) return problems.add({file, number, "", "is not valid UTF-8"});
    json::error_code error;
    json::value value = json::parse(line, error);
    if (error) return problems.add({file, number, "", "is not valid JSON: " + error.message()});
    if (!value.is_object()) return problems.add({file, number, "", "must be a JSON object"});
    rows.push_back({file, number, false, std::move(value.get_object())});
}

/// One record after the other, each with the line it begins on.
class CsvReader {
  public:
    explicit CsvReader(std::string_view content) : rest_(content) {}

    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
    [[nodiscard]] size_t line() const { return line_; }
    /// False when a quote is not closed; the record then ends with the file.
    [[nodiscard]] bool read(std::vector<std::string>& cells) {
        cells.clear();
        bool is_whole = true;
        do {
            is_whole = read_cell(cells.emplace_back()) && is_whole;
        } while (take(','));
        skip_line_end();
        return is_whole;
    }

  private:
    [[nodiscard]] bool take(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        if (wanted == '\n') ++line_;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_line_end() {
        (void)take('\r');
        (void)take('\n');
    }
    [[nodiscard]] bool read_cell(std::string& cell) {
        if (take('"')) return read_quoted(cell);
        const size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
        cell.assign(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return true;
    }
    [[nodiscard]] bool read_quoted(std::string& cell) {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (take('"')) {
                if (!take('"')) return rest_.empty() || rest_.find_first_of(",\r\n") == 0;
                cell += '"';
                continue;
            }
            (void)take(c);
            cell += c;
        }
        return false;
    }

    std::string_view rest_;
    size_t line_ = 1;
};

bool is_blank(const std::vector<std::string>& cells) {
    return cells.size() == 1 && cells[0].empty();
}

Row row_of(const std::vector<std::string>& header, const std::vector<std::string>& cells,
           const std::string& file, size_t line) {
    Row row{.file = file, .line = line, .is_csv = true};
    for (size_t i = 0; i < header.size(); ++i)
        row.fields.insert_or_assign(header[i], json::value(cells[i]));
    return row;
}

}  // namespace

std::vector<Row> rows_of_json_lines(std::string_view content, const std::string& file,
                                    Problems& problems) {
    std::vector<Row> rows;
    content = without_bom(content);
    for (size_t number = 1; !content.empty(); ++number) {
        const size_t end = std::min(content.find('\n'), content.size());
        parse_line(content.substr(0, end), number, file, rows, problems);
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    return rows;
}

std::vector<Row> rows_of_csv(std::string_view content, const std::string& file,
                             Problems& problems) {
    std::vector<Row> rows;
    if (!base::is_valid_utf8(content)) {
        problems.add({file, 0, "", "is not valid UTF-8; save it as UTF-8"});
        return rows;
    }
    CsvReader reader(without_bom(content));
    std::vector<std::string> header;
    std::vector<std::string> cells;
    while (!reader.is_at_end()) {
        const size_t line = reader.line();
        const bool is_whole = reader.read(cells);
        if (is_blank(cells)) continue;
        if (!is_whole) {
            problems.add(
                {file, line, "", "has a quote in the wrong place or one that is not closed"});
        } else if (header.empty()) {
            header = cells;
        } else if (cells.size() != header.size()) {
            problems.add({file, line, "",
                          "has " + std::to_string(cells.size()) +
                              " cells where the first line has " + std::to_string(header.size())});
        } else {
            rows.push_back(row_of(header, cells, file, line));
        }
    }
    return rows;
}

}  // namespace hayate::store
