#pragma once
// Engine: the local language models of this process. One inference thread runs every model's steps
// in turn, so that the compute threads are one group however many models and answers there are;
// another thread loads the files.
//
// All members may be called from any thread, except from a sink. Sinks run on the inference thread.
// The engine must be stopped before the shards that its sinks post to are destroyed.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/result.hpp"
#include "io/model/llama/loader.hpp"
#include "io/model/llama/types.hpp"

namespace hayate::model::llama {

class Engine {
  public:
    /// Returns at once; the models load in the given order, and each is usable as soon as it is
    /// ready.
    Engine(const EngineOptions& options, std::vector<ModelSpec> specs);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] size_t models() const { return entries_.size(); }
    [[nodiscard]] const ModelSpec& spec(ModelIndex model) const { return entries_[model]->spec; }

    /// The prompt is made on the calling thread (about 1 ms per 1,000 tokens). Errors: kUnavailable
    /// (not loaded, or stopping), kTooLarge (prompt over the context), kBusy with retry_after
    /// (queue full). After an error the sink is never called.
    [[nodiscard]] Result<RequestId> submit(ModelIndex model, const EngineRequest& request,
                                           EngineSink sink);
    /// The request leaves at the end of the running step at the latest; its sink hears nothing
    /// more. A prompt that is being read while nobody's answer streams is interrupted at once.
    /// Unknown and finished ids are ignored.
    void cancel(RequestId id);

    /// What conversations begin with from now on. Returns at once; the inference thread reads what
    /// is new to it and keeps the state for all of them, once the model is loaded. What is over a
    /// quarter of the context is logged and not kept. Prompts of before stay for the turns that
    /// still use them: of more than four, the least recently used goes.
    void keep_system_prompts(ModelIndex model, std::vector<std::string> prompts);
    [[nodiscard]] Result<int> count_tokens(ModelIndex model, std::string_view text) const;
    [[nodiscard]] ModelStats stats(ModelIndex model) const;
    /// Blocks until the model is ready, absent or failed, or the deadline has passed. For tools and
    /// tests.
    LoadState wait_until_loaded(ModelIndex model, Deadline deadline) const;

    /// Every request that lives gets an error; both threads have ended when this returns.
    /// Idempotent.
    void stop();

  private:
    using Command = std::move_only_function<void()>;
    struct Entry {
        ModelSpec spec;
        std::atomic<int> places_taken{0};
        std::atomic<bool> has_misfit{false};           // a probe that does not fit was reported
        std::unique_ptr<Runner> runner;                // of the inference thread
        std::vector<std::string> system_prompts;       // likewise
        int warming = 0;                               // its own requests that still run, likewise
        std::shared_ptr<const Vocabulary> vocabulary;  // written by it alone, guarded by mutex_
        ModelStats stats;                              // guarded by mutex_
        TimePoint load_begin{};  // of the loading thread, before it hands over
    };

    // Any thread.
    [[nodiscard]] Result<std::shared_ptr<const Vocabulary>> vocabulary(const Entry& entry) const;
    [[nodiscard]] Result<Place> take_place(Entry& entry);
    [[nodiscard]] static std::shared_ptr<const StateProbe> fitting(
        Entry& entry, std::shared_ptr<const StateProbe> probe, const Weights& weights);
    [[nodiscard]] bool post(Command command);
    [[nodiscard]] bool is_stopping() const;

    // The loading thread.
    void load_all();
    void load(Entry& entry);
    void give_up(Entry& entry, const base::Error& error);

    // The inference thread.
    void run();
    [[nodiscard]] std::vector<Command> next_commands();
    void adopt(Entry& entry, LoadedModel loaded);
    void warm_up(Entry& entry);
    int read_system_prompts(Entry& entry, const EngineSink& done);
    [[nodiscard]] Result<Job> system_job(const Entry& entry, std::string_view system);
    static void submit_own(Entry& entry, Job job, EngineSink sink);
    void set_ready(Entry& entry);
    void step();
    [[nodiscard]] bool begin_step(const Step& step);
    void publish();
    void fail_everything();

    EngineOptions options_;
    ComputeThreads threads_;
    std::atomic<bool> interrupt_{false};  // ends the running step
    std::vector<std::unique_ptr<Entry>> entries_;
    std::atomic<RequestId> next_id_{1};
    size_t turn_ = 0;  // whose step was last; of the inference thread

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    mutable std::condition_variable loaded_;
    // Guarded by mutex_:
    std::vector<Command> inbox_;            // run on the inference thread
    std::vector<RequestId> interruptible_;  // whose prompts the running step reads
    bool is_stopping_ = false;

    std::thread loading_;
    std::thread inference_;
};

}  // namespace hayate::model::llama
