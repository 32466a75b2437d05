#include "app/front/html.hpp"

#include <fmt/format.h>

namespace hayate::front {

std::string escape_html(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '&':
                safe += "&amp;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

std::string admin_page(std::string_view title, std::string_view body) {
    return fmt::format(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
        "content='width=device-width'><title>{}</title><style>body{{font:16px/1.5 "
        "system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color-scheme:light "
        "dark}}td,th{{padding:.3rem 1rem .3rem 0;text-align:left;vertical-align:top}}</style>{}",
        escape_html(title), body);
}

std::vector<net::Field> admin_page_headers() {
    return {{"content-security-policy",
             "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
             "frame-ancestors 'none'"},
            {"x-content-type-options", "nosniff"},
            {"referrer-policy", "same-origin"},
            {"cache-control", "no-store"}};
}

}  // namespace hayate::front
