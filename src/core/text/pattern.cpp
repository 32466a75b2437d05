#include "core/text/pattern.hpp"

#include <re2/re2.h>

namespace hayate::text {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Pattern::Pattern(std::string_view expression) {
    if (expression.empty()) return;
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    compiled_ = std::make_unique<RE2>(piece(expression), options);
}

Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

std::optional<std::string> Pattern::problem() const {
    if (!compiled_) return std::nullopt;
    if (!compiled_->ok()) return compiled_->error();
    if (RE2::PartialMatch("", *compiled_)) return "matches an empty text";
    return std::nullopt;
}

std::optional<std::pair<size_t, size_t>> Pattern::find(std::string_view text, size_t from) const {
    if (!compiled_ || !compiled_->ok() || from >= text.size()) return std::nullopt;
    re2::StringPiece found;
    if (!compiled_->Match(piece(text), from, text.size(), RE2::UNANCHORED, &found, 1) ||
        found.empty()) {
        return std::nullopt;
    }
    const auto begin = static_cast<size_t>(found.data() - text.data());
    return std::pair(begin, begin + found.size());
}

}  // namespace hayate::text
