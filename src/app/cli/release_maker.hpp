#pragma once
// Makes the releases of an assistant: reads its folder, checks it, trains its intents, and swaps
// the result in. What is wrong is refused with file and line, and the running release stays
// untouched. When the catalog that is served changes, a thread of its own makes the names follow.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/cli/example_vectors.hpp"
#include "app/cli/understanding.hpp"
#include "core/config/engine_config.hpp"
#include "engine/turn/release.hpp"
#include "engine/understand/second_opinion.hpp"
#include "tl/expected.hpp"

namespace hayate::cli {

class ReleaseMaker {
  public:
    using Names = std::vector<understand::EntityName>;
    /// What a release is made of beside the assistant's folder. Called on any thread.
    struct Parts {
        std::function<Result<std::vector<gather::SourcePlan>>(const config::AssistantConfig&)>
            sources;
        /// What messages may name now. Blocks.
        std::function<Result<Names>(const config::AssistantConfig&)> names;
        understand::SentenceVector vector_of;          // empty: no second opinions
        std::optional<model::VectorFile> vector_file;  // where those of the examples are kept
        /// Hears of an assistant that is right and about to serve. Returns at once.
        std::function<void(const config::AssistantConfig&)> prepare;
    };
    /// The hash of the new release.
    using Outcome = tl::expected<std::string, config::Problems>;

    /// `config`, and what `parts` refer to, must outlive the maker.
    ReleaseMaker(const config::EngineConfig& config, Parts parts);
    /// Waits for a training in progress to notice that it is not wanted any more.
    ~ReleaseMaker() = default;

    /// Trains on n-grams, which takes a fraction of a second, and makes the result current; the
    /// second opinion follows from a thread of its own. Blocks. One call at a time.
    Outcome make(config::AssistantConfig assistant);
    /// Reads the folder again. Blocks. Thread-safe.
    Outcome reload();
    /// The names may be others now: a release that knows them is made in the background and swapped
    /// in. Several calls meanwhile are one. Returns at once. Thread-safe.
    void names_changed();

    [[nodiscard]] const turn::Releases& releases() const { return releases_; }

  private:
    using Release = std::shared_ptr<const turn::Release>;

    void start_learning(const Release& release);
    void learn_second_opinion(const Release& release, const std::stop_token& stop);
    void follow_loop(const std::stop_token& stop);
    [[nodiscard]] Status follow_names();

    const config::EngineConfig& config_;
    const Parts parts_;
    turn::Releases releases_;
    std::mutex making_;
    Names names_;              // of the current release; guarded by making_
    ExampleVectors examples_;  // the learner's while it runs, else guarded by making_
    std::mutex change_mutex_;
    std::condition_variable_any wake_;
    bool have_names_changed_ = false;  // guarded by change_mutex_
    std::jthread learner_;             // guarded by making_
    std::jthread follower_;            // last: it uses the rest
};

}  // namespace hayate::cli
