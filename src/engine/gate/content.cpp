#include "engine/gate/content.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hayate::gate {
namespace {

using text::Script;
using text::Unit;

constexpr uint64_t kPairSeed = 0x48415941'54450008U;

bool is_function_word(std::string_view word) {
    static constexpr std::array<std::string_view, 104> kWords{
        "a",    "about", "all",   "also",  "am",      "an",     "and",    "any",    "are",   "as",
        "at",   "be",    "been",  "but",   "by",      "can",    "could",  "did",    "do",    "does",
        "each", "for",   "from",  "get",   "had",     "has",    "have",   "he",     "her",   "here",
        "his",  "how",   "i",     "if",    "in",      "into",   "is",     "it",     "its",   "it's",
        "just", "let",   "like",  "may",   "me",      "more",   "my",     "no",     "not",   "of",
        "on",   "one",   "or",    "our",   "out",     "please", "she",    "should", "so",    "some",
        "such", "than",  "that",  "the",   "their",   "them",   "then",   "there",  "these", "they",
        "this", "those", "to",    "up",    "us",      "very",   "was",    "we",     "were",  "what",
        "when", "where", "which", "while", "who",     "why",    "will",   "with",   "would", "yes",
        "you",  "your",  "i'm",   "don't", "doesn't", "we're",  "you're", "can't",  "isn't", "much",
        "many", "only",  "other", "s"};
    return std::ranges::count(kWords, word) > 0;
}

uint64_t pair_of(const Unit& a, const Unit& b) {
    return text::mix(text::mix(kPairSeed, a.key), b.key);
}

}  // namespace

bool is_content_word(std::string_view word) { return !is_function_word(word); }

void append_content(const text::Units& units, std::vector<uint64_t>& tokens) {
    const auto all = units.all();
    for (size_t i = 0; i < all.size(); ++i) {
        if (!text::is_japanese(all[i].script)) {
            if (!is_function_word(units.text(all[i]))) tokens.push_back(all[i].key);
            continue;
        }
        const bool is_pair = units.is_glued(i) && text::is_japanese(all[i - 1].script);
        const bool is_grammar =
            all[i].script == Script::kHiragana && is_pair && all[i - 1].script == Script::kHiragana;
        if (is_pair && !is_grammar) tokens.push_back(pair_of(all[i - 1], all[i]));
    }
}

void append_pairs(const text::Units& units, std::vector<uint64_t>& pairs) {
    const auto all = units.all();
    for (size_t i = 1; i < all.size(); ++i) pairs.push_back(pair_of(all[i - 1], all[i]));
}

void make_set(std::vector<uint64_t>& tokens) {
    std::ranges::sort(tokens);
    const auto rest = std::ranges::unique(tokens);
    tokens.erase(rest.begin(), rest.end());
}

bool contains(std::span<const uint64_t> set, uint64_t token) {
    return std::ranges::binary_search(set, token);
}

size_t shared_count(std::span<const uint64_t> a, std::span<const uint64_t> b) {
    size_t count = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const bool is_shared = a[i] == b[j];
        const bool is_behind = a[i] < b[j];
        count += is_shared ? 1 : 0;
        i += is_shared || is_behind ? 1 : 0;
        j += is_behind ? 0 : 1;
    }
    return count;
}

float likeness(std::span<const uint64_t> a, std::span<const uint64_t> b) {
    if (a.empty() || b.empty()) return 0;
    return 2.F * static_cast<float>(shared_count(a, b)) / static_cast<float>(a.size() + b.size());
}

float share_in(std::span<const uint64_t> a, std::span<const uint64_t> b) {
    if (a.empty()) return 0;
    return static_cast<float>(shared_count(a, b)) / static_cast<float>(a.size());
}

}  // namespace hayate::gate
