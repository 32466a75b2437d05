// Measures the local models: load time, memory, reading and writing speed, what a probe costs, and
// the time to the first token with a cold, a shared and a conversation's own prefix. Prints one
// table; nothing is asserted.
//
//   hayate_bench_local_model [folder with the weights] [threads ...]        (default:
//   $HAYATE_MODELS, 1 and 2 threads)

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <time.h>

#include "io/model/llama/engine.hpp"

namespace {

namespace llama = hayate::model::llama;
using hayate::Clock;
using hayate::Deadline;
using hayate::TimePoint;
using hayate::base::to_ms;

struct Timing {
    double first_ms = 0;
    double total_ms = 0;
    double reading_cpu_ms = 0;  // of the process: tells more than the clock on a busy machine
    double writing_cpu_ms = 0;
    int64_t tokens = 0;
    int64_t cached = 0;
    int64_t prompt = 0;
    std::string text;
    [[nodiscard]] double writing_speed() const {
        return static_cast<double>(tokens - 1) / (total_ms - first_ms) * 1000.0;
    }
};

double cpu_ms() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

/// Resident memory in MB: all of it, and what is not the mapped file.
std::pair<int64_t, int64_t> resident_mb() {
    std::ifstream status("/proc/self/status");
    std::string line;
    int64_t total = 0;
    int64_t anonymous = 0;
    while (std::getline(status, line)) {
        if (line.starts_with("VmRSS:")) total = std::atoll(line.c_str() + 6) / 1024;
        if (line.starts_with("RssAnon:")) anonymous = std::atoll(line.c_str() + 8) / 1024;
    }
    return {total, anonymous};
}

std::string text_of_words(int words) {
    static const std::vector<std::string> kWords{"the",  "reader", "asks",  "for",    "a",
                                                 "calm", "story",  "about", "dragon", "towns"};
    std::string text;
    for (int i = 0; i < words; ++i)
        text += kWords[static_cast<size_t>(i * 7) % kWords.size()] + " ";
    return text;
}

llama::EngineRequest request(const std::string& system, const std::string& question,
                             std::string key = {}) {
    return {.messages = {{"system", system}, {"user", question}},
            .max_tokens = 48,
            .sampling = {.temperature = 0.0F},
            .prefix_key = std::move(key)};
}

std::future<Timing> start(llama::Engine& engine, const llama::EngineRequest& made) {
    struct State {
        TimePoint begin = Clock::now();
        double begin_cpu_ms = cpu_ms();
        Timing timing;
        std::promise<Timing> promise;
    };
    const auto state = std::make_shared<State>();
    auto future = state->promise.get_future();
    const auto id = engine.submit(0, made, [state](const llama::EngineEvent& event) {
        Timing& timing = state->timing;
        const double now_ms = to_ms(Clock::now() - state->begin);
        if (const auto* chunk = std::get_if<llama::TextChunk>(&event)) {
            if (timing.first_ms == 0) {
                timing.first_ms = now_ms;
                timing.reading_cpu_ms = cpu_ms() - state->begin_cpu_ms;
            }
            timing.text += chunk->text;
            return;
        }
        if (const auto* end = std::get_if<llama::AnswerEnd>(&event)) {
            timing.tokens = end->completion_tokens;
            timing.cached = end->cached_prompt_tokens;
            timing.prompt = end->prompt_tokens;
        }
        timing.total_ms = now_ms;
        timing.writing_cpu_ms = cpu_ms() - state->begin_cpu_ms - timing.reading_cpu_ms;
        state->promise.set_value(timing);
    });
    if (!id) fmt::print("refused: {}\n", id.error().internal);
    return future;
}

void row(const char* what, const Timing& timing) {
    const auto read = static_cast<double>(timing.prompt - timing.cached);
    fmt::print(
        "  {:<34}{:>6.0f} ms  read {:>3} of {:>3}  CPU ms/token: read {:>5.1f}, write {:>5.1f}"
        "  ({:.1f} tok/s)\n",
        what, timing.first_ms, timing.prompt - timing.cached, timing.prompt,
        timing.reading_cpu_ms / read,
        timing.writing_cpu_ms / static_cast<double>(timing.tokens - 1), timing.writing_speed());
}

void measure_answers(llama::Engine& engine, const std::string& system) {
    const std::string question = "Which dragon story has the calmest hero? Explain in detail.";
    row("TTFT cold, 350 tokens",
        start(engine, request("Now " + text_of_words(320), question)).get());
    row("TTFT shared system prompt", start(engine, request(system, question)).get());
    llama::EngineRequest turn = request(system, question, "anna");
    const Timing first = start(engine, turn).get();
    row("TTFT first turn of a conversation", first);
    turn.messages.push_back({"assistant", first.text});
    turn.messages.push_back({"user", "And which one is longest?"});
    row("TTFT follow-up turn", start(engine, turn).get());
    auto one = start(engine, request(system, question));
    auto two = start(engine, request(system, question + " Be honest."));
    const Timing a = one.get();
    const Timing b = two.get();
    fmt::print("  {:<34}{:>7.1f} tok/s (TTFT {:.0f} and {:.0f} ms)\n", "two answers at once, total",
               static_cast<double>(a.tokens + b.tokens) / std::max(a.total_ms, b.total_ms) * 1000.0,
               a.first_ms, b.first_ms);
}

/// The same answer in turn with and without a probe; medians of the CPU of a token.
void measure_probe(llama::Engine& engine, const std::string& system, int layer, size_t width) {
    constexpr int kRounds = 5;
    llama::EngineRequest plain = request(system, "Tell of a dragon.");
    llama::EngineRequest probed = plain;
    hayate::model::StateProbe probe{.model = "any", .layer = layer, .weights = {}};
    probe.weights.assign(width, 0.01F);
    probed.probe = std::make_shared<const hayate::model::StateProbe>(std::move(probe));
    std::vector<double> without;
    std::vector<double> with;
    std::vector<double> ratio;
    for (int i = 0; i < kRounds; ++i) {
        const Timing a = start(engine, plain).get();
        const Timing b = start(engine, probed).get();
        without.push_back(a.writing_cpu_ms / static_cast<double>(a.tokens - 1));
        with.push_back(b.writing_cpu_ms / static_cast<double>(b.tokens - 1));
        ratio.push_back(with.back() / without.back());
    }
    const auto median = [](std::vector<double> values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    fmt::print(
        "  a probe of layer {}: CPU of a token {:.2f} ms, without {:.2f}; {:.3f}x in the same "
        "round ({:.3f} to {:.3f})\n",
        layer, median(with), median(without), median(ratio), std::ranges::min(ratio),
        std::ranges::max(ratio));
}

/// What is probed in the shipped assistant.
struct Probed {
    int layer;
    size_t width;
};

void measure(const std::string& name, const std::string& path, int threads, Probed probed) {
    const std::string system = text_of_words(300);
    fmt::print("{}, {} thread{}\n", name, threads, threads > 1 ? "s" : "");
    llama::Engine engine({.threads = threads},
                         {{.name = name, .path = path, .system_prompts = {system}}});
    if (engine.wait_until_loaded(0, Deadline::never()) != llama::LoadState::kReady) {
        fmt::print("  not loaded: {}\n", engine.stats(0).reason);
        return;
    }
    measure_answers(engine, system);
    measure_probe(engine, system, probed.layer, probed.width);
    const llama::ModelStats stats = engine.stats(0);
    const auto [total, anonymous] = resident_mb();
    fmt::print(
        "  ready after {} ms (system prompt read); resident {} MB, of it {} MB not the file\n",
        stats.load_time.count(), total, anonymous);
    fmt::print("  reading {:.0f} tok/s, writing {:.1f} tok/s\n\n", stats.prompt_tokens_per_second,
               stats.generation_tokens_per_second);
}

}  // namespace

int main(int argc, char** argv) {
    const char* configured = std::getenv("HAYATE_MODELS");
    const char* home = std::getenv("HOME");
    std::string folder =
        configured ? configured : std::string(home ? home : "") + "/.cache/hayate/models";
    if (argc > 1) folder = argv[1];
    std::vector<int> threads;
    for (int i = 2; i < argc; ++i) threads.push_back(std::atoi(argv[i]));
    if (threads.empty()) threads = {1, 2};
    for (const int count : threads) {
        measure("fast", folder + "/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", count, {16, 896});
        measure("strong", folder + "/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", count, {20, 1536});
    }
    return 0;
}
