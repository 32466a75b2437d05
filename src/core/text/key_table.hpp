#pragma once
// KeyTable: 64-bit hashes to small numbers, in one flat array: one cache line per look-up. Exact
// for the hashes themselves, so nothing is shared by accident and no size has to be tuned.
// Reading is thread-safe.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace hayate::text {

class KeyTable {
  public:
    static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

    KeyTable() : KeyTable(0) {}
    explicit KeyTable(size_t expected) { rehash(std::bit_ceil(expected * 2 + 16)); }

    /// The value of `key`, which becomes `value` when it has none yet.
    uint32_t add(uint64_t key, uint32_t value) {
        if ((size_ + 1) * 2 > slots_.size()) rehash(slots_.size() * 2);
        Slot& slot = slots_[place_of(key)];
        if (slot.value == kNone) {
            slot = {key, value};
            ++size_;
        }
        return slot.value;
    }
    /// kNone when there is no such key.
    [[nodiscard]] uint32_t find(uint64_t key) const { return slots_[place_of(key)].value; }
    /// Calls visit(key, value) for each, in an order of its own.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const Slot& slot : slots_) {
            if (slot.value != kNone) visit(slot.key, slot.value);
        }
    }
    [[nodiscard]] size_t size() const { return size_; }

  private:
    struct Slot {
        uint64_t key = 0;
        uint32_t value = kNone;
    };
    [[nodiscard]] size_t mask() const { return slots_.size() - 1; }
    /// The slot that holds `key`, or the free one where it belongs.
    [[nodiscard]] size_t place_of(uint64_t key) const {
        size_t at = key & mask();
        while (slots_[at].value != kNone && slots_[at].key != key) at = (at + 1) & mask();
        return at;
    }
    void rehash(size_t capacity) {
        std::vector<Slot> old(capacity);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.value != kNone) slots_[place_of(slot.key)] = slot;
        }
    }

    std::vector<Slot> slots_;
    size_t size_ = 0;
};

}  // namespace hayate::text
