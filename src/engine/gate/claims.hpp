#pragma once
// The words of a text that claim something: without grammar, and without what any clerk of any shop
// may say ("please check the product page", "ご案内いたします"). Pure, thread-safe.

#include <cstdint>
#include <span>
#include <vector>

#include "core/text/units.hpp"
#include "engine/gate/facts.hpp"

namespace hayate::gate {

/// Hashes of Latin words, without common endings ("published" and "publisher" are one
/// word), and of pairs of Japanese characters other than hiragana; a single one between others
/// stands for itself ("猫は"). Not of numbers and of the names among `facts`, the text's own: those
/// are checked as facts.
void append_claims(const text::Units& units, std::span<const Fact> facts,
                   std::vector<uint64_t>& tokens);

}  // namespace hayate::gate
