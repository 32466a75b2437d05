#include "io/model/llama/engine.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/log.hpp"

namespace hayate::model::llama {
namespace {

constexpr milliseconds kLoadingRetry{1000};
constexpr milliseconds kBusyRetryMin{100};
constexpr size_t kBytesPerTokenMax = 32;  // over that a text is too large without counting

int thread_count(const EngineOptions& options) {
    if (options.threads > 0) return options.threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

base::Error stopping_error(const std::string& name) {
    return base::private_error(ErrorKind::kUnavailable, "model." + name, "the engine is stopping");
}

size_t bytes_of(const EngineRequest& request) {
    size_t bytes = 0;
    for (const ChatMessage& message : request.messages) bytes += message.content.size();
    return bytes;
}

base::Error too_large(const std::string& name, int context_tokens) {
    return base::public_error(ErrorKind::kTooLarge, "model." + name,
                              "The prompt is longer than this model's context of " +
                                  std::to_string(context_tokens) + " tokens.",
                              "context_length_exceeded");
}

}  // namespace

Engine::Engine(const EngineOptions& options, std::vector<ModelSpec> specs)
    : options_(options), threads_(thread_count(options)) {
    for (ModelSpec& spec : specs) {
        entries_.push_back(std::make_unique<Entry>());
        entries_.back()->system_prompts = std::move(spec.system_prompts);
        entries_.back()->spec = std::move(spec);
    }
    inference_ = std::thread([this] { run(); });
    loading_ = std::thread([this] { load_all(); });
}

Engine::~Engine() { stop(); }

void Engine::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        interrupt_ = true;
    }
    wake_.notify_all();
    loaded_.notify_all();
    if (loading_.joinable()) loading_.join();
    if (inference_.joinable()) inference_.join();
}

// Any thread.

Result<RequestId> Engine::submit(ModelIndex model, const EngineRequest& request, EngineSink sink) {
    Entry& entry = *entries_[model];
    auto loaded = vocabulary(entry);
    if (!loaded) return fail(std::move(loaded.error()));
    const int context_tokens = (*loaded)->context_tokens;
    if (bytes_of(request) > static_cast<size_t>(context_tokens) * kBytesPerTokenMax) {
        return fail(too_large(entry.spec.name, context_tokens));
    }
    Job job{.id = next_id_.fetch_add(1),
            .prompt = (*loaded)->prompt.tokens(request.messages),
            .max_tokens = request.max_tokens,
            .prefix_key = request.prefix_key,
            .first_token_deadline = request.first_token_deadline};
    if (static_cast<int>(job.prompt.size()) >= context_tokens) {
        return fail(too_large(entry.spec.name, context_tokens));
    }
    if (job.prompt.empty()) {
        return fail(ErrorKind::kBadRequest, "model." + entry.spec.name, "an empty prompt");
    }
    auto place = take_place(entry);
    if (!place) return fail(std::move(place.error()));
    const RequestId id = job.id;
    Answer answer{.sink = std::move(sink),
                  .place = std::move(*place),
                  .sampler = Sampler(request.sampling),
                  .text = AnswerText(request.stop),
                  .wants_logprobs = request.wants_logprobs,
                  .probe = fitting(entry, request.probe, *(*loaded)->weights)};
    const bool is_posted =
        post([&entry, job = std::move(job), answer = std::move(answer)]() mutable {
            entry.runner->submit(std::move(job), std::move(answer));
        });
    if (!is_posted) return fail(stopping_error(entry.spec.name));
    return id;
}

void Engine::cancel(RequestId id) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return;
        inbox_.emplace_back([this, id] {
            for (const auto& entry : entries_) {
                if (entry->runner) entry->runner->cancel(id);
            }
        });
        if (std::ranges::find(interruptible_, id) != interruptible_.end()) interrupt_ = true;
    }
    wake_.notify_one();
}

void Engine::keep_system_prompts(ModelIndex model, std::vector<std::string> prompts) {
    Entry& entry = *entries_[model];
    std::ignore = post([this, &entry, prompts = std::move(prompts)]() mutable {
        if (entry.system_prompts == prompts) return;
        entry.system_prompts = std::move(prompts);
        if (entry.runner) read_system_prompts(entry, [](const EngineEvent&) {});
    });
}

Result<int> Engine::count_tokens(ModelIndex model, std::string_view text) const {
    auto loaded = vocabulary(*entries_[model]);
    if (!loaded) return fail(std::move(loaded.error()));
    return static_cast<int>((*loaded)->weights->tokenize(text, Weights::Text::kData).size());
}

ModelStats Engine::stats(ModelIndex model) const {
    const std::lock_guard lock(mutex_);
    return entries_[model]->stats;
}

LoadState Engine::wait_until_loaded(ModelIndex model, Deadline deadline) const {
    const ModelStats& stats = entries_[model]->stats;
    std::unique_lock lock(mutex_);
    loaded_.wait_until(lock, deadline.at(),
                       [&] { return is_stopping_ || stats.state != LoadState::kLoading; });
    return stats.state;
}

Result<std::shared_ptr<const Vocabulary>> Engine::vocabulary(const Entry& entry) const {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return fail(stopping_error(entry.spec.name));
    if (entry.stats.state == LoadState::kReady) return entry.vocabulary;
    base::Error error = base::private_error(ErrorKind::kUnavailable, "model." + entry.spec.name,
                                            entry.stats.reason);
    if (entry.stats.state == LoadState::kLoading) {
        error.internal = error.external = "The model is still loading.";
        error.retry_after = kLoadingRetry;
    }
    return fail(std::move(error));
}

std::shared_ptr<const StateProbe> Engine::fitting(Entry& entry,
                                                  std::shared_ptr<const StateProbe> probe,
                                                  const Weights& weights) {
    if (!probe || weights.can_probe(probe->layer, probe->weights.size())) return probe;
    if (!entry.has_misfit.exchange(true)) {
        base::log_warning("probe_misfit", {{"model", entry.spec.name},
                                           {"probe", probe->model},
                                           {"layer", probe->layer},
                                           {"width", probe->weights.size()},
                                           {"model_width", weights.width()}});
    }
    return nullptr;
}

Result<Place> Engine::take_place(Entry& entry) {
    const std::lock_guard lock(mutex_);
    if (entry.places_taken.load() >= entry.spec.slots + entry.spec.queue_max) {
        ++entry.stats.refused;
        base::Error error =
            base::private_error(ErrorKind::kBusy, "model." + entry.spec.name, "the queue is full");
        error.retry_after = std::max(entry.stats.expected_wait, kBusyRetryMin);
        return fail(std::move(error));
    }
    ++entry.stats.requests;
    entry.places_taken.fetch_add(1);
    return Place(&entry.places_taken);
}

bool Engine::post(Command command) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return false;
        inbox_.push_back(std::move(command));
    }
    wake_.notify_one();
    return true;
}

bool Engine::is_stopping() const {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
}

}  // namespace hayate::model::llama
