#include "app/front/query.hpp"

#include <algorithm>
#include <charconv>

namespace hayate::front {

bool each_field(std::string_view query,
                const std::function<bool(std::string_view, std::string_view)>& read) {
    while (!query.empty()) {
        const std::string_view field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        if (field.empty()) continue;
        const size_t equals = field.find('=');
        if (equals == std::string_view::npos) return false;
        if (!read(field.substr(0, equals), field.substr(equals + 1))) return false;
    }
    return true;
}

std::optional<int64_t> number_of(std::string_view text) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc() && end == text.data() + text.size() && number > 0;
    return is_number ? std::optional(number) : std::nullopt;
}

}  // namespace hayate::front
