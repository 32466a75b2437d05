#include "app/cli/messages_file.hpp"

#include <array>
#include <fstream>

#include "core/base/json_text.hpp"
#include "core/config/files.hpp"

namespace hayate::cli {
namespace {

constexpr size_t kColumns = 4;

/// The columns of a line; the last one takes the rest. Fewer than kColumns: none.
bool split(std::string_view line, std::array<std::string, kColumns>& columns) {
    for (size_t i = 0; i + 1 < kColumns; ++i) {
        const size_t tab = line.find('\t');
        if (tab == std::string_view::npos) return false;
        columns.at(i) = line.substr(0, tab);
        line.remove_prefix(tab + 1);
    }
    columns.back() = line;
    return true;
}

/// What is wrong with a row; null: nothing.
const char* problem_of(const LabelledMessage& message) {
    if (message.intent.empty()) return "the intent (first column) is empty";
    if (message.language.empty()) return "the language (second column) is empty";
    if (message.tier != "L" && message.tier != "M" && message.tier != "H" && message.tier != "-")
        return "the tier (third column) must be L, M, H or -";
    if (message.text.find_first_not_of(" \t") == std::string::npos)
        return "the text (fourth column) is empty";
    if (!base::is_valid_utf8(message.text) || !base::is_valid_utf8(message.intent))
        return "not UTF-8";
    return nullptr;
}

}  // namespace

std::vector<LabelledMessage> read_messages(const std::string& file, config::Problems& problems) {
    std::vector<LabelledMessage> messages;
    if (const auto problem = config::file_problem(file)) {
        problems.push_back({.file = file, .text = *problem});
        return messages;
    }
    std::ifstream input(file, std::ios::binary);
    int number = 0;
    for (std::string line; std::getline(input, line);) {
        ++number;
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        std::array<std::string, kColumns> columns;
        if (!split(line, columns)) {
            problems.push_back({.file = file,
                                .line = number,
                                .text = "expected intent, language, tier and text, with tabs "
                                        "between them"});
            continue;
        }
        LabelledMessage message{columns[0], columns[1], columns[2], columns[3], number};
        if (const char* problem = problem_of(message)) {
            problems.push_back({.file = file, .line = number, .text = problem});
            continue;
        }
        messages.push_back(std::move(message));
    }
    if (messages.empty() && problems.empty())
        problems.push_back({.file = file, .text = "the file has no messages"});
    return messages;
}

}  // namespace hayate::cli
