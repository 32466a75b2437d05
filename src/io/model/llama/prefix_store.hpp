#pragma once
// PrefixStore: which token sequences are in the model's memory, and which of them a new prompt may
// build on. A pure bookkeeper: it decides, and hands out the memory actions that carry the decision
// out.
//
// A prompt may reuse (a) what its own conversation (same key) left there, or (b) a fixed prefix,
// which is public: a system prompt read ahead. Never another conversation's: the time to first
// token would tell what others asked.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/model/llama/types.hpp"

namespace hayate::model::llama {

/// To be carried out in order, before the rows of the same step.
struct MemoryAction {
    SequenceId sequence = 0;
    SequenceId copy_from = -1;  // -1: remove the positions [begin, end); else copy them from there
    int begin = 0;
    int end = 0;
    friend bool operator==(const MemoryAction&, const MemoryAction&) = default;
};

class PrefixStore {
  public:
    struct Options {
        int sequences = 1;
        int cells = 0;      // memory in tokens; what sequences share counts once
        int fixed_max = 4;  // fixed prefixes; the least recently used makes room
        /// False for recurrent models: a sequence is reused whole or not at all.
        bool can_trim = true;
    };
    struct Lease {
        SequenceId sequence = 0;
        int reused = 0;  // tokens at the front of the prompt that need not be read
    };
    explicit PrefixStore(Options options);

    /// A sequence for a prompt that is not empty. At least one token is always left to read. The
    /// caller keeps fewer leases than there are sequences, less fixed_max.
    Lease take(std::string_view key, std::span<const Token> prompt);
    /// A token of a taken sequence is in memory now.
    void append(SequenceId sequence, Token token) { at(sequence).tokens.push_back(token); }
    /// Ends a lease. With a key the sequence stays for the conversation's next prompt, until memory
    /// is needed.
    void give_back(SequenceId sequence, std::string_view key);
    /// Ends a lease; every prompt may build on the sequence from now on, unless another one with
    /// the same tokens is fixed already.
    void fix(SequenceId sequence);
    /// Whether exactly this prompt is fixed. If so, that counts as a use of it.
    [[nodiscard]] bool renew_fixed(std::span<const Token> prompt);
    /// Forgets idle sequences, oldest first, until `tokens` more fit.
    void make_room(int tokens);

    [[nodiscard]] std::vector<MemoryAction> take_actions();
    [[nodiscard]] const std::vector<Token>& tokens(SequenceId sequence) const;
    [[nodiscard]] int cells_used() const;
    [[nodiscard]] int idle() const { return count(Use::kIdle); }
    [[nodiscard]] int fixed() const { return count(Use::kFixed); }

  private:
    enum class Use : uint8_t { kFree, kLeased, kIdle, kFixed };
    struct Sequence {
        Use use = Use::kFree;
        std::string key;
        std::vector<Token> tokens;
        int shared = 0;  // leading tokens that live in the cells of `source`
        SequenceId source = -1;
        uint64_t last_used = 0;
    };

    [[nodiscard]] int count(Use use) const;
    [[nodiscard]] Sequence& at(SequenceId id) { return sequences_[static_cast<size_t>(id)]; }
    [[nodiscard]] SequenceId id_of(const Sequence& sequence) const;
    [[nodiscard]] int usable(const Sequence& sequence, std::span<const Token> prompt) const;
    [[nodiscard]] Sequence* find_idle(std::string_view key);
    [[nodiscard]] Sequence* best_fixed(std::span<const Token> prompt);
    [[nodiscard]] Sequence* oldest(Use use);
    Sequence& free_sequence();
    void trim(Sequence& sequence, int length);
    void forget(Sequence& sequence);
    void limit_fixed();

    Options options_;
    std::vector<Sequence> sequences_;
    std::vector<MemoryAction> actions_;
    uint64_t clock_ = 0;  // counts uses
};

}  // namespace hayate::model::llama
