#pragma once
// Runner: one loaded model at work. It carries out the steps that its BatchMachine plans, chooses
// tokens, and sends text to each request's sink. Everything runs on the inference thread, sinks
// included.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/model/llama/answer_text.hpp"
#include "io/model/llama/batch_machine.hpp"
#include "io/model/llama/chunk_sizer.hpp"
#include "io/model/llama/context.hpp"
#include "io/model/llama/sampler.hpp"

namespace hayate::model::llama {

/// A place among the requests that a model has accepted; giving it up counts down.
struct LeavePlace {
    void operator()(std::atomic<int>* taken) const { taken->fetch_sub(1); }
};
using Place = std::unique_ptr<std::atomic<int>, LeavePlace>;

/// A request and what has become of it so far.
struct Answer {
    EngineSink sink;
    Place place;  // none: the engine's own work, which counts nowhere
    Sampler sampler;
    AnswerText text;
    bool wants_logprobs = false;
    std::shared_ptr<const StateProbe> probe{};  // fits the model; null: none
    int completion_tokens = 0;
    std::optional<TimePoint> started{};  // first step
};

class Runner {
  public:
    struct Options {
        std::string name;
        BatchMachine::Options machine;
        int slots = 1;
        Duration shared_step{};
        Duration alone_step{};
    };
    Runner(Options options, std::shared_ptr<const Weights> weights,
           std::unique_ptr<Context> context);

    /// The longest step, in rows, of a model with that many slots.
    [[nodiscard]] static int rows_max(int slots);

    void submit(Job job, Answer answer);
    /// Its sink hears nothing more. Unknown ids are ignored.
    void cancel(RequestId id);
    /// kBusy to those whose deadline passed before their first token.
    void expire(TimePoint now);
    void fail_all(const base::Error& error);

    /// One step. `is_shared`: somebody's answer streams, so it must be short. `may_begin` is asked
    /// just before the long part, and may refuse because something has arrived.
    void run_step(bool is_shared, const std::function<bool(const Step&)>& may_begin);

    [[nodiscard]] bool has_work() const { return machine_.has_work(); }
    [[nodiscard]] bool is_generating() const { return machine_.is_generating(); }
    /// See PrefixStore::renew_fixed.
    [[nodiscard]] bool renew_fixed(std::span<const Token> prompt) {
        return machine_.renew_fixed(prompt);
    }
    /// Overwrites the measured and counted fields.
    void fill(ModelStats& stats) const;

  private:
    void take_in(const Step& step);
    [[nodiscard]] std::vector<int> probed_layers(const Step& step) const;
    void choose_next(RequestId id, int row);
    [[nodiscard]] TokenSigns signs_of(const Answer& answer, int row, Token token) const;
    void emit(Answer& answer, TextChunk chunk) const;
    void end(RequestId id, EndReason reason);
    void fail_one(RequestId id, const base::Error& error);
    void fail_rows(const Step& step, const char* why);
    void mark_started(const Step& step, TimePoint now);
    void measure(const Step& step, ChunkSizer& sizer, Duration elapsed);
    [[nodiscard]] milliseconds expected_wait() const;

    Options options_;
    std::shared_ptr<const Weights> weights_;
    std::unique_ptr<Context> context_;
    BatchMachine machine_;
    std::unordered_map<RequestId, Answer> answers_;
    ChunkSizer shared_chunk_;
    ChunkSizer alone_chunk_;
    SpeedMeter reading_;
    SpeedMeter writing_;
    double mean_answer_ms_ = 0;  // from the first step to the end
    ModelCounts counts_;
};

}  // namespace hayate::model::llama
