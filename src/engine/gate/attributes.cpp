#include "engine/gate/attributes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text/lines.hpp"
#include "core/text/units.hpp"

namespace hayate::gate {
namespace {

/// As it stands: none of its characters means anything in an expression.
std::string quoted(std::string_view word) {
    std::string expression;
    for (const char c : word) {
        const bool is_special = std::string_view(R"(\.+*?()|[]{}^$)").contains(c);
        if (is_special) expression += '\\';
        expression += c == '_' ? ' ' : c;
    }
    return expression;
}

/// Of one word, normalised as the texts are.
std::string expression_of(std::string_view word) {
    text::Units units;
    units.read(word);
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const std::string_view text = units.text();
    if (text.empty()) return quoted(word);
    return fmt::format("{}{}{}", is_letter(text.front()) ? R"(\b)" : "", quoted(text),
                       is_letter(text.back()) ? R"(s?\b)" : "");
}

}  // namespace

Result<Attributes> Attributes::make(std::vector<std::string> words) {
    Attributes attributes;
    for (const std::string& group : words) {
        std::string expression;
        std::string_view rest = group;
        for (auto word = text::take_word(rest); !word.empty(); word = text::take_word(rest))
            expression += (expression.empty() ? "" : "|") + expression_of(word);
        if (expression.empty())
            return fail(ErrorKind::kBadRequest, "gate", "an attribute needs a word");
        attributes.patterns_.emplace_back(expression);
    }
    attributes.words_ = std::move(words);
    return attributes;
}

std::vector<size_t> Attributes::named_in(std::string_view text) const {
    std::vector<size_t> named;
    for (size_t i = 0; i < patterns_.size(); ++i) {
        if (is_named_in(text, i)) named.push_back(i);
    }
    return named;
}

}  // namespace hayate::gate
