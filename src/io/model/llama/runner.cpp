#include "io/model/llama/runner.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"

namespace hayate::model::llama {
namespace {

constexpr int kChunkTokensMin = 8;        // see ChunkSizer
constexpr int kChunkTokensMinAlone = 32;  // three quarters of the full reading speed
constexpr int kChunkTokensMax = 256;

}  // namespace

Runner::Runner(Options options, std::shared_ptr<const Weights> weights,
               std::unique_ptr<Context> context)
    : options_(std::move(options)),
      weights_(std::move(weights)),
      context_(std::move(context)),
      machine_(options_.machine),
      shared_chunk_({.target = options_.shared_step,
                     .tokens_min = kChunkTokensMin,
                     .tokens_max = kChunkTokensMax}),
      alone_chunk_({.target = options_.alone_step,
                    .tokens_min = kChunkTokensMinAlone,
                    .tokens_max = kChunkTokensMax}) {}

int Runner::rows_max(int slots) { return kChunkTokensMax + slots; }

void Runner::submit(Job job, Answer answer) {
    answers_.emplace(job.id, std::move(answer));
    machine_.submit(std::move(job));
}

void Runner::cancel(RequestId id) {
    if (!machine_.cancel(id)) return;
    answers_.erase(id);
    ++counts_.cancelled;
}

void Runner::expire(TimePoint now) {
    // Not a timeout: nothing is broken, there are only more answers than this machine can write.
    const base::Error late =
        base::private_error(ErrorKind::kBusy, options_.name, "deadline before the first token");
    for (const RequestId id : machine_.expire(now)) {
        ++counts_.timed_out;
        fail_one(id, late);
    }
}

void Runner::fail_all(const base::Error& error) {
    while (!answers_.empty()) {
        const RequestId id = answers_.begin()->first;
        machine_.cancel(id);
        fail_one(id, error);
    }
}

void Runner::run_step(bool is_shared, const std::function<bool(const Step&)>& may_begin) {
    ChunkSizer& sizer = is_shared ? shared_chunk_ : alone_chunk_;
    const Step step = machine_.plan(sizer.tokens());
    context_->apply(step.memory);
    if (step.rows.empty() || !may_begin(step)) return;
    const TimePoint begin = Clock::now();
    mark_started(step, begin);
    switch (context_->decode(step.rows, probed_layers(step))) {
        case Context::Outcome::kDone:
            take_in(step);
            measure(step, sizer, Clock::now() - begin);
            break;
        case Context::Outcome::kNoRoom:
            if (machine_.prefixes().idle() == 0) fail_rows(step, "no room in memory");
            machine_.forget_idle();
            break;
        case Context::Outcome::kInterrupted:
            ++counts_.interrupted;
            break;
        case Context::Outcome::kFailed:
            fail_rows(step, "llama_decode failed");
            break;
    }
}

void Runner::take_in(const Step& step) {
    ++counts_.steps;
    machine_.commit(step);
    for (size_t i = 0; i < step.rows.size(); ++i) {
        if (step.rows[i].wants_logits) choose_next(step.rows[i].id, static_cast<int>(i));
    }
}

void Runner::choose_next(RequestId id, int row) {
    Answer& answer = answers_.at(id);
    if (machine_.only_reads(id)) return end(id, EndReason::kLength);
    const Token token = answer.sampler.choose(*context_, row);
    if (weights_->ends_answer(token)) return end(id, EndReason::kStop);
    const TokenSigns signs = signs_of(answer, row, token);
    ++answer.completion_tokens;
    const bool may_go_on = machine_.sampled(id, token);
    emit(answer, answer.text.push(weights_->piece(token), signs));
    if (answer.text.has_stopped()) return end(id, EndReason::kStop);
    if (!may_go_on) end(id, EndReason::kLength);
}

/// Of the answers that get a token from this step.
std::vector<int> Runner::probed_layers(const Step& step) const {
    std::vector<int> layers;
    for (const Row& row : step.rows) {
        if (!row.wants_logits) continue;
        const StateProbe* probe = answers_.at(row.id).probe.get();
        if (probe && std::ranges::find(layers, probe->layer) == layers.end())
            layers.push_back(probe->layer);
    }
    return layers;
}

TokenSigns Runner::signs_of(const Answer& answer, int row, Token token) const {
    TokenSigns signs;
    if (answer.wants_logprobs) signs.logprob = logprob(context_->logits(row), token);
    if (!answer.probe) return signs;
    const std::span<const float> state = context_->state(answer.probe->layer, row);
    if (state.size() == answer.probe->weights.size())
        signs.probe_logit = answer.probe->logit(state);
    return signs;
}

void Runner::emit(Answer& answer, TextChunk chunk) const {
    if (!chunk.text.empty()) answer.sink(std::move(chunk));
}

void Runner::end(RequestId id, EndReason reason) {
    auto node = answers_.extract(id);
    Answer& answer = node.mapped();
    emit(answer, answer.text.finish());
    const AnswerEnd end{.reason = reason,
                        .prompt_tokens = machine_.prompt_tokens(id),
                        .cached_prompt_tokens = machine_.reused(id),
                        .completion_tokens = answer.completion_tokens};
    machine_.finish(id);
    if (answer.place) {
        ++counts_.finished;
        counts_.prompt_tokens += end.prompt_tokens;
        counts_.cached_prompt_tokens += end.cached_prompt_tokens;
        counts_.completion_tokens += end.completion_tokens;
        const double took_ms = base::to_ms(Clock::now() - *answer.started);
        mean_answer_ms_ = mean_answer_ms_ == 0 ? took_ms : 0.8 * mean_answer_ms_ + 0.2 * took_ms;
    }
    // First the place, so that whoever hears of the end finds it free.
    answer.place.reset();
    answer.sink(end);
}

void Runner::fail_one(RequestId id, const base::Error& error) {
    auto node = answers_.extract(id);
    node.mapped().place.reset();
    node.mapped().sink(error);
}

void Runner::fail_rows(const Step& step, const char* why) {
    const base::Error error = base::private_error(ErrorKind::kUpstream, options_.name, why);
    base::log_failure("local_step_failed", error, {{"rows", step.rows.size()}});
    for (const Row& row : step.rows) {
        if (machine_.cancel(row.id)) fail_one(row.id, error);
    }
}

void Runner::mark_started(const Step& step, TimePoint now) {
    for (const Row& row : step.rows) {
        std::optional<TimePoint>& started = answers_.at(row.id).started;
        if (!started) started = now;
    }
}

void Runner::measure(const Step& step, ChunkSizer& sizer, Duration elapsed) {
    if (step.prompt_rows > 0) sizer.record(step.prompt_rows, elapsed);
    if (step.generation_rows() == 0 && step.prompt_rows >= kChunkTokensMin) {
        reading_.add(step.prompt_rows, elapsed);
    }
    if (step.prompt_rows == 0) writing_.add(step.generation_rows(), elapsed);
}

milliseconds Runner::expected_wait() const {
    const bool has_free_slot = machine_.live() < options_.slots && machine_.queued() == 0;
    if (has_free_slot) return milliseconds(0);
    const double turns = (machine_.queued() + 1.0) / options_.slots;
    return milliseconds(static_cast<int64_t>(std::max(100.0, turns * mean_answer_ms_)));
}

void Runner::fill(ModelStats& stats) const {
    stats.live = machine_.live();
    stats.queued = machine_.queued();
    stats.prompt_tokens_per_second = reading_.per_second();
    stats.generation_tokens_per_second = writing_.per_second();
    stats.expected_wait = expected_wait();
    stats.kept_prefixes = machine_.prefixes().idle();
    stats.system_prompts = machine_.prefixes().fixed();
    stats.counts = counts_;
}

}  // namespace hayate::model::llama
