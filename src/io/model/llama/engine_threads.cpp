// The two threads of the engine: one loads, one infers.

#include <algorithm>
#include <utility>

#include <pthread.h>

#include "core/base/log.hpp"
#include "io/model/llama/engine.hpp"

namespace hayate::model::llama {
namespace {

/// Long enough to measure both speeds.
constexpr std::string_view kWarmUp =
    "A reader asks for a long fantasy series with a calm hero, fine drawings and at least twenty "
    "volumes. Answer in one short sentence.";
constexpr int kWarmUpTokens = 4;
constexpr int kSystemPromptsMax = 4;  // each gets this part of one context

}  // namespace

// The loading thread.

void Engine::load_all() {
    pthread_setname_np(pthread_self(), "llama-load");
    for (const auto& entry : entries_) {
        if (!is_stopping()) load(*entry);
    }
}

void Engine::load(Entry& entry) {
    entry.load_begin = Clock::now();
    auto loaded = load_model({.spec = entry.spec,
                              .engine = options_,
                              .threads = &threads_,
                              .interrupt = &interrupt_,
                              .is_stopping = [this] { return is_stopping(); }});
    if (!loaded) return give_up(entry, loaded.error());
    std::ignore = post(
        [this, &entry, loaded = std::move(*loaded)]() mutable { adopt(entry, std::move(loaded)); });
}

void Engine::give_up(Entry& entry, const base::Error& error) {
    base::log_failure("model_not_loaded", error, {{"model", entry.spec.name}});
    const std::lock_guard lock(mutex_);
    entry.stats.state =
        error.kind == ErrorKind::kNotFound ? LoadState::kAbsent : LoadState::kFailed;
    entry.stats.reason = error.internal;
    loaded_.notify_all();
}

// The inference thread.

void Engine::run() {
    pthread_setname_np(pthread_self(), "llama");
    while (true) {
        for (Command& command : next_commands()) command();
        if (is_stopping()) break;
        const TimePoint now = Clock::now();
        for (const auto& entry : entries_) {
            if (entry->runner) entry->runner->expire(now);
        }
        step();
        publish();
    }
    fail_everything();
}

std::vector<Engine::Command> Engine::next_commands() {
    const bool has_work = std::ranges::any_of(
        entries_, [](const auto& entry) { return entry->runner && entry->runner->has_work(); });
    std::unique_lock lock(mutex_);
    if (!has_work) wake_.wait(lock, [this] { return is_stopping_ || !inbox_.empty(); });
    return std::exchange(inbox_, {});
}

void Engine::adopt(Entry& entry, LoadedModel loaded) {
    entry.runner = std::move(loaded.runner);
    {
        const std::lock_guard lock(mutex_);
        entry.vocabulary = std::move(loaded.vocabulary);
    }
    warm_up(entry);
}

// Reads the system prompts, then a short exchange that touches every weight and gives first speeds.
void Engine::warm_up(Entry& entry) {
    const auto done = [this, &entry](const EngineEvent& event) {
        if (std::holds_alternative<TextChunk>(event)) return;
        if (--entry.warming == 0) set_ready(entry);
    };
    const std::vector<ChatMessage> exchange{{.role = "user", .content = std::string(kWarmUp)}};
    entry.warming = read_system_prompts(entry, done) + 1;
    submit_own(entry,
               {.id = next_id_.fetch_add(1),
                .prompt = entry.vocabulary->prompt.tokens(exchange),
                .max_tokens = kWarmUpTokens},
               done);
}

/// Returns how many there are to read; `done` hears of the end of each, in a later step.
int Engine::read_system_prompts(Entry& entry, const EngineSink& done) {
    int to_read = 0;
    for (const std::string& system : entry.system_prompts) {
        auto job = system_job(entry, system);
        if (!job) {
            base::log_failure("system_prompt_not_kept", job.error());
        } else if (!entry.runner->renew_fixed(job->prompt)) {
            ++to_read;
            submit_own(entry, std::move(*job), [name = entry.spec.name, done](EngineEvent event) {
                if (const auto* end = std::get_if<AnswerEnd>(&event)) {
                    base::log_info("system_prompt_kept",
                                   {{"model", name}, {"tokens", end->prompt_tokens}});
                }
                done(std::move(event));
            });
        }
    }
    return to_read;
}

Result<Job> Engine::system_job(const Entry& entry, std::string_view system) {
    Job job{.id = next_id_.fetch_add(1),
            .prompt = entry.vocabulary->prompt.system_tokens(system),
            .becomes_fixed = true};
    const int tokens = static_cast<int>(job.prompt.size());
    const int tokens_max = entry.vocabulary->context_tokens / kSystemPromptsMax;
    if (tokens <= tokens_max) return job;
    return fail(ErrorKind::kTooLarge, "model." + entry.spec.name,
                "a system prompt of " + std::to_string(tokens) + " tokens; up to " +
                    std::to_string(tokens_max) + " are kept, a quarter of the context");
}

void Engine::submit_own(Entry& entry, Job job, EngineSink sink) {
    entry.runner->submit(std::move(job), Answer{.sink = std::move(sink),
                                                .place = nullptr,
                                                .sampler = Sampler({.temperature = 0.0F}),
                                                .text = AnswerText({})});
}

void Engine::set_ready(Entry& entry) {
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - entry.load_begin);
    {
        const std::lock_guard lock(mutex_);
        entry.stats.state = LoadState::kReady;
        entry.stats.load_time = took;
        entry.stats.context_tokens = entry.vocabulary->context_tokens;
    }
    loaded_.notify_all();
    // Last: who reads the log may ask at once.
    base::log_info("model_ready", {{"model", entry.spec.name}, {"load_ms", took.count()}});
}

void Engine::step() {
    const bool is_shared = std::ranges::any_of(entries_, [](const auto& entry) {
        return entry->runner && entry->runner->is_generating();
    });
    for (size_t i = 0; i < entries_.size(); ++i) {
        turn_ = (turn_ + 1) % entries_.size();
        Runner* runner = entries_[turn_]->runner.get();
        if (!runner || !runner->has_work()) continue;
        runner->run_step(is_shared, [this](const Step& step) { return begin_step(step); });
        return;
    }
}

bool Engine::begin_step(const Step& step) {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return false;
    interrupt_ = false;
    // A step that writes answers is short, and interrupting it for one would cost the others their
    // token.
    if (step.generation_rows() > 0) return true;
    if (!inbox_.empty()) return false;
    for (const Row& row : step.rows) {
        if (interruptible_.empty() || interruptible_.back() != row.id) {
            interruptible_.push_back(row.id);
        }
    }
    return true;
}

void Engine::publish() {
    const std::lock_guard lock(mutex_);
    interruptible_.clear();
    for (const auto& entry : entries_) {
        if (entry->runner) entry->runner->fill(entry->stats);
    }
}

void Engine::fail_everything() {
    for (const auto& entry : entries_) {
        if (!entry->runner) continue;
        entry->runner->fail_all(base::private_error(
            ErrorKind::kUnavailable, "model." + entry->spec.name, "the engine is stopping"));
    }
    publish();
}

}  // namespace hayate::model::llama
