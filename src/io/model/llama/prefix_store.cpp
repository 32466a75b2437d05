#include "io/model/llama/prefix_store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace hayate::model::llama {
namespace {

int common_prefix(std::span<const Token> a, std::span<const Token> b) {
    const auto ends = std::ranges::mismatch(a, b);
    return static_cast<int>(ends.in1 - a.begin());
}

}  // namespace

PrefixStore::PrefixStore(Options options)
    : options_(options), sequences_(static_cast<size_t>(options.sequences)) {}

PrefixStore::Lease PrefixStore::take(std::string_view key, std::span<const Token> prompt) {
    Sequence* own = find_idle(key);
    Sequence* fixed = best_fixed(prompt);
    const int own_length = own ? usable(*own, prompt) : 0;
    const int fixed_length = fixed ? usable(*fixed, prompt) : 0;
    if (own_length > 0 && own_length >= fixed_length) {
        trim(*own, own_length);
        own->use = Use::kLeased;
        return {.sequence = id_of(*own), .reused = own_length};
    }
    if (own) forget(*own);
    Sequence& fresh = free_sequence();
    fresh.use = Use::kLeased;
    if (fixed_length > 0) {
        fixed->last_used = ++clock_;
        fresh.tokens.assign(prompt.begin(), prompt.begin() + fixed_length);
        fresh.shared = fixed_length;
        fresh.source = id_of(*fixed);
        actions_.push_back(
            {.sequence = id_of(fresh), .copy_from = fresh.source, .begin = 0, .end = fixed_length});
    }
    return {.sequence = id_of(fresh), .reused = fixed_length};
}

void PrefixStore::give_back(SequenceId sequence, std::string_view key) {
    Sequence& ended = at(sequence);
    // Two answers of one conversation may have run at once; the later one is the better prefix.
    if (Sequence* older = find_idle(key)) forget(*older);
    if (key.empty()) {
        forget(ended);
        return;
    }
    ended.use = Use::kIdle;
    ended.key = key;
    ended.last_used = ++clock_;
}

void PrefixStore::fix(SequenceId sequence) {
    if (renew_fixed(tokens(sequence))) return forget(at(sequence));
    at(sequence).use = Use::kFixed;
    at(sequence).last_used = ++clock_;
    limit_fixed();
}

bool PrefixStore::renew_fixed(std::span<const Token> prompt) {
    const auto found = std::ranges::find_if(sequences_, [&](const Sequence& s) {
        return s.use == Use::kFixed && std::ranges::equal(s.tokens, prompt);
    });
    if (found == sequences_.end()) return false;
    found->last_used = ++clock_;
    return true;
}

void PrefixStore::make_room(int tokens) {
    while (cells_used() + tokens > options_.cells) {
        Sequence* victim = oldest(Use::kIdle);
        if (!victim) return;
        forget(*victim);
    }
}

std::vector<MemoryAction> PrefixStore::take_actions() { return std::exchange(actions_, {}); }

const std::vector<Token>& PrefixStore::tokens(SequenceId sequence) const {
    return sequences_[static_cast<size_t>(sequence)].tokens;
}

int PrefixStore::cells_used() const {
    int used = 0;
    for (const Sequence& s : sequences_) used += static_cast<int>(s.tokens.size()) - s.shared;
    return used;
}

int PrefixStore::count(Use use) const {
    return static_cast<int>(std::ranges::count(sequences_, use, &Sequence::use));
}

SequenceId PrefixStore::id_of(const Sequence& sequence) const {
    return static_cast<SequenceId>(&sequence - sequences_.data());
}

int PrefixStore::usable(const Sequence& sequence, std::span<const Token> prompt) const {
    // The last token is always read: its logits give the first token of the answer.
    const int length = common_prefix(sequence.tokens, prompt.first(prompt.size() - 1));
    const bool is_whole = length == static_cast<int>(sequence.tokens.size());
    return options_.can_trim || is_whole ? length : 0;
}

PrefixStore::Sequence* PrefixStore::find_idle(std::string_view key) {
    const auto found = std::ranges::find_if(
        sequences_, [&](const Sequence& s) { return s.use == Use::kIdle && s.key == key; });
    return found == sequences_.end() ? nullptr : &*found;
}

PrefixStore::Sequence* PrefixStore::best_fixed(std::span<const Token> prompt) {
    Sequence* best = nullptr;
    for (Sequence& s : sequences_) {
        const bool is_longer = !best || usable(s, prompt) > usable(*best, prompt);
        if (s.use == Use::kFixed && is_longer) best = &s;
    }
    return best;
}

PrefixStore::Sequence* PrefixStore::oldest(Use use) {
    Sequence* found = nullptr;
    for (Sequence& s : sequences_) {
        if (s.use == use && (!found || s.last_used < found->last_used)) found = &s;
    }
    return found;
}

PrefixStore::Sequence& PrefixStore::free_sequence() {
    if (Sequence* free = oldest(Use::kFree)) return *free;
    Sequence* victim = oldest(Use::kIdle);
    assert(victim && "more leases than sequences");
    forget(*victim);
    return *victim;
}

void PrefixStore::trim(Sequence& sequence, int length) {
    const int before = static_cast<int>(sequence.tokens.size());
    if (length == before) return;
    actions_.push_back({.sequence = id_of(sequence), .begin = length, .end = before});
    sequence.tokens.resize(static_cast<size_t>(length));
    sequence.shared = std::min(sequence.shared, length);
}

void PrefixStore::forget(Sequence& sequence) {
    // Cells that others share stay in use; they now count with each of the others, which errs on
    // the safe side.
    for (Sequence& other : sequences_) {
        if (other.source == id_of(sequence)) {
            other.shared = 0;
            other.source = -1;
        }
    }
    trim(sequence, 0);
    sequence = Sequence{};
}

void PrefixStore::limit_fixed() {
    if (fixed() > options_.fixed_max) forget(*oldest(Use::kFixed));
}

}  // namespace hayate::model::llama
