#pragma once
// Splitting import files into rows: JSON Lines, and CSV as in RFC 4180 with a header line.

#include <string>
#include <string_view>
#include <vector>

#include "io/store/import/problems.hpp"
#include "io/store/import/row.hpp"

namespace hayate::store {

/// `file` is the name for problems.
[[nodiscard]] std::vector<Row> rows_of_json_lines(std::string_view content, const std::string& file,
                                                  Problems& problems);
[[nodiscard]] std::vector<Row> rows_of_csv(std::string_view content, const std::string& file,
                                           Problems& problems);

}  // namespace hayate::store
