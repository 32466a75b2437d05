#include "core/base/nearest.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hayate::base {
namespace {

/// Longer words are not slips of the pen, and the work grows with the square.
constexpr size_t kWordMax = 64;

char folded(char c) {
    if (c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same(char a, char b) { return folded(a) == folded(b); }

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the table: the one being filled and the two before it (a swap looks back two).
    std::array<std::vector<size_t>, 3> rows;
    rows.fill(std::vector<size_t>(b.size() + 1));
    for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        std::vector<size_t>& row = rows[i % 3];
        const std::vector<size_t>& above = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = above[j - 1] + (is_same(a[i - 1], b[j - 1]) ? 0 : 1);
            row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            const bool is_swap =
                i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]);
            if (is_swap) row[j] = std::min(row[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known) {
    if (word.empty() || word.size() > kWordMax) return std::nullopt;
    size_t best = std::max<size_t>(1, word.size() / 3) + 1;
    std::optional<std::string> found;
    for (const std::string& candidate : known) {
        if (candidate.size() > kWordMax) continue;
        const size_t distance = edit_distance(word, candidate);
        if (distance >= best || distance >= candidate.size()) continue;
        best = distance;
        found = candidate;
    }
    return found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
    const std::optional<std::string> found = nearest(word, known);
    return found ? "; did you mean '" + *found + "'?" : std::string();
}

}  // namespace hayate::base
