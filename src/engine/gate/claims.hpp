#pragma once
// The words of a text that claim something: without grammar, and without what any clerk of any shop
// may say ("please check the product page", "ご案内いたします"). Pure, thread-safe.

#include <cstdint>
#include <vector>

#include "core/text/units.hpp"

namespace hayate::gate {

/// Hashes of Latin words, without common endings ("published" and "publisher" are one
/// word), and of pairs of Japanese characters other than hiragana; a single one between others
/// stands for itself ("猫は"). Numbers are facts (facts.hpp), as are those who count ("4月").
void append_claims(const text::Units& units, std::vector<uint64_t>& tokens);

}  // namespace hayate::gate
