#pragma once
// What the tests with real weights share: where the weights are, and a sink that a test can wait
// on.

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "io/model/llama/engine.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::test {

namespace llama = model::llama;

inline constexpr const char* kFastFile = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
inline constexpr const char* kStrongFile = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";
/// Loading and long answers on a busy machine.
inline constexpr std::chrono::seconds kLongPatience{180};

inline std::string weights_path(const char* file) {
    const char* folder = std::getenv("HAYATE_MODELS");
    const char* home = std::getenv("HOME");
    const std::string path =
        (folder ? std::string(folder) : std::string(home ? home : "") + "/.cache/hayate/models") +
        "/" + file;
    if (!std::filesystem::exists(path)) {
        ADD_FAILURE() << "no weights at " << path << ": run tools/fetch-models.py";
    }
    return path;
}

/// Everything that came for one request.
class Collector {
  public:
    /// To be given to Engine::submit.
    [[nodiscard]] llama::EngineSink sink() {
        return [state = state_](llama::EngineEvent event) {
            const std::lock_guard lock(state->mutex);
            state->events.push_back(std::move(event));
            state->arrived.notify_all();
        };
    }
    /// True when `count` chunks have come; false if it ended before.
    [[nodiscard]] bool wait_for_chunks(size_t count) const {
        wait([&] { return state_->chunks().size() >= count || state_->is_over(); });
        return chunks().size() >= count;
    }
    void wait_for_end() const {
        wait([&] { return state_->is_over(); });
    }
    [[nodiscard]] std::vector<llama::TextChunk> chunks() const {
        const std::lock_guard lock(state_->mutex);
        return state_->chunks();
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const llama::TextChunk& chunk : chunks()) out += chunk.text;
        return out;
    }
    /// Waits for it. An error instead is a failure.
    [[nodiscard]] llama::AnswerEnd end() const {
        wait_for_end();
        const std::lock_guard lock(state_->mutex);
        const auto* end = std::get_if<llama::AnswerEnd>(&state_->events.back());
        if (!end) ADD_FAILURE() << "error instead of an end: " << state_->error().internal;
        return end ? *end : llama::AnswerEnd{};
    }
    /// Waits for it. An end without error is a failure.
    [[nodiscard]] base::Error error() const {
        wait_for_end();
        const std::lock_guard lock(state_->mutex);
        return state_->error();
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable arrived;
        std::vector<llama::EngineEvent> events;

        [[nodiscard]] std::vector<llama::TextChunk> chunks() const {
            std::vector<llama::TextChunk> out;
            for (const auto& event : events) {
                if (const auto* chunk = std::get_if<llama::TextChunk>(&event))
                    out.push_back(*chunk);
            }
            return out;
        }
        [[nodiscard]] bool is_over() const {
            return !events.empty() && !std::holds_alternative<llama::TextChunk>(events.back());
        }
        [[nodiscard]] base::Error error() const {
            const auto* found = std::get_if<base::Error>(&events.back());
            if (!found) ADD_FAILURE() << "an end instead of an error";
            return found ? *found : base::Error{};
        }
    };
    template <class Condition>
    void wait(Condition condition) const {
        std::unique_lock lock(state_->mutex);
        if (!state_->arrived.wait_for(lock, kLongPatience, condition)) {
            ADD_FAILURE() << "nothing came for too long";
            std::abort();
        }
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace hayate::test
