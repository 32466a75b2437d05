#pragma once
// Texts with holes: the answers that need no model. `{name}` is replaced by a value; `[[ ... ]]` is
// left out when a placeholder inside it has no value; `{{` and `}}` are braces. Values are never
// read again, so a value that contains
// `{price}` stays as it is.

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tl/expected.hpp"

namespace hayate::config {

using TemplateValues = std::map<std::string, std::string, std::less<>>;

/// Fills the holes. A placeholder without a value becomes nothing; a text that `placeholders_of`
/// refuses is returned as it is.
[[nodiscard]] std::string render(std::string_view text, const TemplateValues& values);

/// The names in `text` in order, or what is wrong with it ("'{' without '}'").
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> placeholders_of(
    std::string_view text);

/// Of those, the ones outside `[[ ... ]]`. Empty when the text is wrong.
[[nodiscard]] std::vector<std::string> required_placeholders_of(std::string_view text);

/// One template of an assistant: its key, when it is used, and the placeholders that the engine
/// fills.
struct TemplateSpec {
    std::string key;
    std::string use;
    std::vector<std::string> placeholders;
};
/// Every template that an assistant must have, in each of its languages.
[[nodiscard]] std::span<const TemplateSpec> template_specs();
[[nodiscard]] const TemplateSpec* find_template_spec(std::string_view key);

/// What the engine looks up in `words` by itself: a prefix and the values that may follow it.
[[nodiscard]] std::span<const std::string> required_words();

}  // namespace hayate::config
