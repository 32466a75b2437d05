#include "io/store/import/problems.hpp"

#include <algorithm>

#include "core/text/cut.hpp"
#include "core/text/utf8.hpp"

namespace hayate::store {
namespace {

constexpr size_t kQuotedBytesMax = 60;

}  // namespace

std::string describe(const Problem& problem) {
    std::string out = problem.file;
    if (problem.line > 0) out += ":" + std::to_string(problem.line);
    if (!problem.field.empty()) out += ": " + problem.field;
    return out + ": " + problem.text;
}

void Problems::add(Problem problem) {
    ++count_;
    if (shown_.size() < kShownMax) shown_.push_back(std::move(problem));
}

std::string in_quotes(std::string_view text) {
    const std::string valid = text::to_valid_utf8(text.substr(0, 4 * kQuotedBytesMax));
    std::string out = "\"";
    for (const char c : text::cut_graphemes(valid, kQuotedBytesMax)) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    return out + (out.size() - 1 < text.size() ? "...\"" : "\"");
}

}  // namespace hayate::store
