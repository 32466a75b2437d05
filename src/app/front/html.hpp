#pragma once
// What the operator's pages are made of.

#include <string>
#include <string_view>
#include <vector>

#include "io/net/http_types.hpp"

namespace hayate::front {

/// Text for an element or a quoted attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A whole page around `body`, which is HTML; `title` is text.
[[nodiscard]] std::string admin_page(std::string_view title, std::string_view body);

/// No script runs on an operator's page, and its forms go nowhere else.
[[nodiscard]] std::vector<net::Field> admin_page_headers();

}  // namespace hayate::front
