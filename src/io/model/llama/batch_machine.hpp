#pragma once
// BatchMachine: what one model does next. Requests wait in a queue, take a slot, have their prompt
// read in chunks, and then get one token per step, all running answers in the same step (continuous
// batching). Pure: it plans steps and is told what came of them; it knows no clock and no
// llama.cpp.

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "io/model/llama/prefix_store.hpp"
#include "io/model/llama/types.hpp"

namespace hayate::model::llama {

struct Job {
    RequestId id = 0;
    std::vector<Token> prompt;  // not empty, shorter than the context
    int max_tokens = 0;         // 0: only reads the prompt
    std::string prefix_key{};
    Deadline first_token_deadline = Deadline::never();
    bool becomes_fixed = false;  // a system prompt: stays, for every conversation
};

/// One token to be put into the model's memory.
struct Row {
    RequestId id = 0;
    SequenceId sequence = 0;
    Token token = 0;
    int position = 0;
    bool wants_logits = false;
};

struct Step {
    std::vector<MemoryAction> memory;  // first, also when there are no rows
    std::vector<Row> rows;             // generation first, then prompts
    int prompt_rows = 0;
    [[nodiscard]] int generation_rows() const {
        return static_cast<int>(rows.size()) - prompt_rows;
    }
};

class BatchMachine {
  public:
    struct Options {
        int slots = 2;
        int context_tokens = 4096;
        PrefixStore::Options prefixes;
    };
    explicit BatchMachine(const Options& options);

    void submit(Job job);
    /// Frees the slot or the place in the queue; false if there is no such request. What was read
    /// stays for the conversation's next prompt.
    bool cancel(RequestId id);
    /// Removes and returns the requests whose deadline passed before their first token.
    [[nodiscard]] std::vector<RequestId> expire(TimePoint now);

    /// Gives free slots to waiting requests and plans one step: a row for each answer that is being
    /// written, then up to `chunk_tokens` of prompts. No rows: nothing to do.
    [[nodiscard]] Step plan(int chunk_tokens);
    /// The step's rows are in memory. A step that failed is simply not committed, and is planned
    /// again.
    void commit(const Step& step);
    /// The answer's next token was chosen. False if it was the last that may be: max_tokens or the
    /// context's end.
    [[nodiscard]] bool sampled(RequestId id, Token token);
    /// The request is done; its slot is free.
    void finish(RequestId id);
    /// Frees sequences that are kept for later, all of them: the memory was fuller than thought.
    void forget_idle() { prefixes_.make_room(context_total()); }
    /// See PrefixStore::renew_fixed.
    [[nodiscard]] bool renew_fixed(std::span<const Token> prompt) {
        return prefixes_.renew_fixed(prompt);
    }

    [[nodiscard]] bool has_work() const { return !queue_.empty() || !live_.empty(); }
    /// Somebody's answer is being written, so steps must be short.
    [[nodiscard]] bool is_generating() const;
    [[nodiscard]] int queued() const { return static_cast<int>(queue_.size()); }
    [[nodiscard]] int live() const { return static_cast<int>(live_.size()); }
    /// Of a live request: the length of its prompt, how much of that need not be read, and whether
    /// that is all.
    [[nodiscard]] int prompt_tokens(RequestId id) const;
    [[nodiscard]] int reused(RequestId id) const { return find(id)->lease.reused; }
    [[nodiscard]] bool only_reads(RequestId id) const { return find(id)->job.max_tokens == 0; }
    [[nodiscard]] const PrefixStore& prefixes() const { return prefixes_; }

  private:
    struct Live {
        Job job;
        PrefixStore::Lease lease;
        std::optional<Token> next{};  // chosen, not yet in memory
        int generated = 0;
    };

    void admit();
    void add_generation_rows(Step& step) const;
    void add_prompt_rows(Step& step, int chunk_tokens);
    void add_prompt_rows_of(const Live& live, Step& step, int tokens_max) const;
    [[nodiscard]] int position(const Live& live) const;
    [[nodiscard]] int prompt_left(const Live& live) const;
    [[nodiscard]] std::deque<Live>::const_iterator find(RequestId id) const;
    [[nodiscard]] std::deque<Live>::iterator find(RequestId id);
    [[nodiscard]] int context_total() const { return options_.prefixes.cells; }

    Options options_;
    PrefixStore prefixes_;
    std::deque<Job> queue_;
    std::deque<Live> live_;  // in order of admission
    bool oldest_first_ = false;
};

}  // namespace hayate::model::llama
