#pragma once
// The fixed sizes of the multilingual Universal Sentence Encoder.

#include <array>
#include <cstddef>

namespace hayate::model::use {

inline constexpr size_t kChunks =
    17;  // the embedding table is quantised in chunks; piece i is in chunk i mod 17
inline constexpr size_t kTableRows = 128010;  // 128,000 pieces, rounded up to whole chunks
inline constexpr size_t kWidth = 512;         // of a token's embedding
inline constexpr size_t kBranchWidth = 256;
inline constexpr size_t kFeatures = kWidth + 3 * kBranchWidth;
inline constexpr size_t kHidden = 320;
inline constexpr int kUnknown = 0;
inline constexpr int kBegin = 1;
inline constexpr int kEnd = 2;
/// What tokenisation reads: far more than the tokens that are kept.
inline constexpr size_t kTextBytesMax = 65'536;

// An n-gram branch looks at `order` tokens at a time, `left` of them before the current one.
struct Window {
    size_t order;
    size_t left;
};
inline constexpr std::array<Window, 3> kWindows{{{2, 0}, {3, 1}, {5, 2}}};
inline constexpr size_t kPadding =
    2;  // zero rows before and after a sentence: the widest window's reach

}  // namespace hayate::model::use
