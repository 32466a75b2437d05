#pragma once
// Makes the releases of an assistant: reads its folder, checks it, trains its intents, and swaps
// the result in. What is wrong is refused with file and line, and the running release stays
// untouched.

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/config/engine_config.hpp"
#include "engine/turn/release.hpp"
#include "engine/understand/second_opinion.hpp"
#include "tl/expected.hpp"

namespace hayate::cli {

class ReleaseMaker {
  public:
    using Sources = std::function<Result<std::vector<gather::SourcePlan>>(
        const config::AssistantConfig& assistant)>;
    /// The hash of the new release.
    using Outcome = tl::expected<std::string, config::Problems>;

    /// `vector_of` may be empty: no second opinions. What is given must outlive the maker.
    ReleaseMaker(const config::EngineConfig& config, Sources sources,
                 understand::SentenceVector vector_of)
        : config_(config), sources_(std::move(sources)), vector_of_(std::move(vector_of)) {}
    /// Waits for a training in progress to notice that it is not wanted any more.
    ~ReleaseMaker() = default;

    /// Trains on n-grams, which takes a fraction of a second, and makes the result current; the
    /// second opinion follows from a thread of its own. Blocks. One call at a time.
    Outcome make(config::AssistantConfig assistant);
    /// Reads the folder again. Blocks. Thread-safe.
    Outcome reload();

    [[nodiscard]] const turn::Releases& releases() const { return releases_; }

  private:
    void learn_second_opinion(const std::shared_ptr<const turn::Release>& release,
                              const std::stop_token& stop);

    const config::EngineConfig& config_;
    Sources sources_;
    understand::SentenceVector vector_of_;
    turn::Releases releases_;
    std::mutex making_;
    std::jthread learner_;  // last: it uses the rest
};

}  // namespace hayate::cli
