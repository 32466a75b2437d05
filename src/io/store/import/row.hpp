#pragma once
// Rows of import files, and their typed reading. A row of a CSV file is read by the same code as
// one of JSON Lines: its cells are strings, nested fields are columns joined by "_" (title_en),
// lists are separated by ";".

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "io/store/import/problems.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

struct Row {
    std::string file;
    size_t line = 0;
    bool is_csv = false;
    boost::json::object fields;
};

enum class Need : uint8_t { kRequired, kOptional };

struct Range {
    int64_t min = 0;
    int64_t max = 0;
};

/// Reads a row field by field; whatever is wrong goes to `problems` and a harmless value is
/// returned. Call `finish` when all fields have been asked for: what nobody asked for is unknown.
/// Must not outlive the row.
class RowReader {
  public:
    RowReader(const Row& row, std::string_view today, Problems& problems);

    [[nodiscard]] std::string id(std::string_view key);
    /// A short lower-case word: a genre, a kind.
    [[nodiscard]] std::string word(std::string_view key);
    [[nodiscard]] std::vector<std::string> words(std::string_view key);
    [[nodiscard]] std::string one_of(std::string_view key,
                                     std::initializer_list<std::string_view> values);
    [[nodiscard]] std::string text(std::string_view key, Need need = Need::kRequired);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key);
    [[nodiscard]] LocalText local(std::string_view key, Need need = Need::kRequired);
    [[nodiscard]] std::vector<LocalText> local_list(std::string_view key);
    [[nodiscard]] int64_t integer(std::string_view key, Range range);
    [[nodiscard]] std::optional<int> optional_integer(std::string_view key, Range range);
    /// [first, last]
    [[nodiscard]] std::optional<std::pair<int, int>> span(std::string_view key, Range range);
    [[nodiscard]] std::string day(std::string_view key, Need need = Need::kRequired);
    /// An object inside the row. Call its `finish` as well.
    [[nodiscard]] RowReader nested(std::string_view key, Need need = Need::kRequired);
    /// A list of objects. In CSV: "a:1:990;b:2:500", the values in the order of `keys`.
    [[nodiscard]] std::vector<RowReader> objects(std::string_view key,
                                                 std::initializer_list<std::string_view> keys);

    void finish();
    void complain(std::string_view key, std::string text);
    [[nodiscard]] bool has(std::string_view key) { return find(key) != nullptr; }

  private:
    struct Context {
        const Row& row;
        std::string_view today;
        Problems& problems;
        std::set<std::string, std::less<>> known_columns;  // of a CSV row, nested ones too
    };
    RowReader(std::shared_ptr<Context> context, std::shared_ptr<const boost::json::object> fields,
              std::string path);

    [[nodiscard]] const boost::json::value* find(std::string_view key);
    [[nodiscard]] const boost::json::value* require(std::string_view key, Need need);
    [[nodiscard]] std::string column(std::string_view key) const;
    [[nodiscard]] std::optional<std::string> checked_text(std::string_view key,
                                                          const boost::json::value& value);
    [[nodiscard]] std::optional<int64_t> checked_integer(std::string_view key,
                                                         const boost::json::value& value,
                                                         Range range);
    /// The elements of a list; a CSV cell is split.
    [[nodiscard]] std::vector<boost::json::value> elements(std::string_view key,
                                                           const boost::json::value& value);

    std::shared_ptr<Context> context_;
    std::shared_ptr<const boost::json::object> fields_;
    std::string path_;  // of a nested object: "title"
    std::set<std::string, std::less<>> known_;
};

}  // namespace hayate::store
