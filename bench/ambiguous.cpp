// Messages of which examples and sentence vectors leave open what they mean: how many there are,
// how many would be asked back about, and what local models make of them. Nothing is asserted.
//
//   hayate_bench_ambiguous [--assistant DIR] [--show] [--no-second-opinion] [--models DIR] FILE...
//
// The files are those of `hayate classify --test`. --show prints each open message. --models names
// the folder of the pinned weights; without it no model is asked.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/messages_file.hpp"
#include "app/cli/names.hpp"
#include "app/cli/understanding.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/turn/intent_model.hpp"
#include "engine/understand/reading.hpp"
#ifdef HAYATE_HAS_LLAMA
#include "io/model/llama/engine.hpp"
#endif

namespace {

using hayate::cli::LabelledMessage;
using hayate::understand::Reading;

struct Arguments {
    std::string assistant = "assistants/mangaassist";
    std::string models;
    bool shows = false;
    bool is_plain = false;
    std::vector<std::string> files;
};

/// A message as it was read, with the second opinion.
struct Read {
    LabelledMessage message;
    Reading reading;
    bool is_in_scope() const { return message.intent != hayate::cli::kOosIntent; }
    /// What a turn would take it for without further ado; "none": out of scope.
    std::string taken_for() const {
        return reading.is_in_scope ? reading.intent : std::string(hayate::config::kNoIntent);
    }
    std::string truth() const {
        return is_in_scope() ? message.intent : std::string(hayate::config::kNoIntent);
    }
};

Arguments parse(int count, char** words) {
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        const bool has_value = i + 1 < count;
        if (word == "--show") {
            arguments.shows = true;
        } else if (word == "--no-second-opinion") {
            arguments.is_plain = true;
        } else if (word == "--assistant" && has_value) {
            arguments.assistant = words[++i];
        } else if (word == "--models" && has_value) {
            arguments.models = words[++i];
        } else {
            arguments.files.push_back(word);
        }
    }
    return arguments;
}

std::vector<Read> read_all(const hayate::understand::Understander& understander,
                           const hayate::understand::SentenceVector& vector_of,
                           const std::vector<LabelledMessage>& messages) {
    std::vector<Read> all;
    hayate::understand::Understood understood;
    for (const LabelledMessage& message : messages) {
        understander.understand(message.text, 0, understood);
        if (vector_of && understood.prediction.is_ambiguous())
            understander.reconsider(vector_of(message.text), 0, understood);
        all.push_back({message, hayate::understand::reading_of(understander, understood)});
    }
    return all;
}

std::string shown(const Read& read) {
    std::string set;
    for (size_t i = 0; i < read.reading.possible.size(); ++i)
        set += fmt::format(" {} {:.2f}", read.reading.possible[i], read.reading.chances[i]);
    return fmt::format("{:<15} {}{}: {}", read.message.intent,
                       read.reading.is_in_scope ? "" : "(out of scope) ",
                       set.empty() ? " nothing is likely" : set, read.message.text);
}

void report_asking(const std::vector<Read>& all, hayate::config::AssistantConfig assistant) {
    for (const double margin : {0.1, 0.2, 0.25, 0.3, 0.5, 1.0}) {
        assistant.understand.ask_back.margin = margin;
        size_t asked = 0;
        size_t named = 0;
        size_t right_before = 0;
        for (const Read& read : all) {
            const auto about =
                hayate::turn::intents_to_ask_about(read.reading, assistant, read.message.language);
            if (about.empty()) continue;
            ++asked;
            named += static_cast<size_t>(std::ranges::count(about, read.message.intent));
            right_before += read.taken_for() == read.truth() ? 1 : 0;
        }
        fmt::print(
            "  margin {:.2f}: asks {} of {} ({:.1f} %), names the truth in {}; "
            "the likeliest would have been right in {}\n",
            margin, asked, all.size(),
            100.0 * static_cast<double>(asked) / static_cast<double>(all.size()), named,
            right_before);
    }
}

#ifdef HAYATE_HAS_LLAMA

namespace llama = hayate::model::llama;

struct Said {
    std::string text;
    double ms = 0;
};

Said ask(llama::Engine& engine, const hayate::model::ModelRequest& request) {
    llama::EngineRequest made{.messages = {{"system", request.system}},
                              .max_tokens = request.max_tokens,
                              .sampling = {.temperature = 0.0F}};
    for (const auto& message : request.messages) made.messages.push_back({"user", message.content});
    std::promise<Said> promise;
    auto future = promise.get_future();
    const auto begin = hayate::Clock::now();
    const auto said = std::make_shared<Said>();
    const auto id = engine.submit(0, made, [&promise, said, begin](const auto& event) {
        if (const auto* chunk = std::get_if<llama::TextChunk>(&event)) {
            said->text += chunk->text;
            return;
        }
        said->ms = hayate::base::to_ms(hayate::Clock::now() - begin);
        promise.set_value(*said);
    });
    if (!id) fmt::print("refused: {}\n", id.error().internal);
    return id ? future.get() : Said{};
}

void report_model(llama::Engine& engine, const char* what, const std::vector<Read>& all,
                  const hayate::turn::IntentQuestion& question, bool is_closed, bool shows) {
    size_t before = 0;
    size_t after = 0;
    size_t unusable = 0;
    std::vector<double> times;
    for (const Read& read : all) {
        const auto& candidates = is_closed ? read.reading.possible : std::vector<std::string>();
        const Said said = ask(engine, question.request(candidates, read.message.text));
        const auto named = question.answered(candidates, said.text);
        times.push_back(said.ms);
        unusable += named ? 0 : 1;
        before += read.taken_for() == read.truth() ? 1 : 0;
        after += named.value_or(read.taken_for()) == read.truth() ? 1 : 0;
        if (shows) fmt::print("    says {:<16} {}\n", named.value_or("?" + said.text), shown(read));
    }
    if (times.empty()) return;
    std::ranges::sort(times);
    const auto share = [&](size_t part) {
        return 100.0 * static_cast<double>(part) / static_cast<double>(all.size());
    };
    fmt::print(
        "  {:<34} {:>3}: right {:.1f} % before, {:.1f} % after; {} unusable; "
        "p50 {:.0f}, p90 {:.0f} ms\n",
        what, all.size(), share(before), share(after), unusable, times[times.size() / 2],
        times[times.size() * 9 / 10]);
    std::fflush(stdout);
}

void report_models(const Arguments& arguments, const std::vector<Read>& all,
                   const hayate::config::AssistantConfig& assistant) {
    const auto where = [&](auto is_wanted) {
        std::vector<Read> wanted;
        std::ranges::copy_if(all, std::back_inserter(wanted), is_wanted);
        return wanted;
    };
    const hayate::turn::IntentQuestion question(assistant);
    const auto several = where([](const Read& read) {
        return read.reading.is_in_scope && read.reading.possible.size() > 1;
    });
    const auto unsure = where([](const Read& read) {
        return read.reading.is_in_scope && read.reading.probability < 0.9F;
    });
    for (const char* file :
         {"qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"}) {
        const std::string path = (std::filesystem::path(arguments.models) / file).string();
        llama::Engine engine(
            {}, {{.name = "model", .path = path, .system_prompts = {question.system_prompt()}}});
        const auto loaded =
            engine.wait_until_loaded(0, hayate::Deadline::after(std::chrono::seconds(60)));
        if (loaded != llama::LoadState::kReady) {
            fmt::print("{}: not there\n", path);
            continue;
        }
        fmt::print("{}\n", file);
        report_model(engine, "several may be meant, of those", several, question, true,
                     arguments.shows);
        report_model(engine, "below 90 %, of all", unsure, question, false, false);
        engine.stop();
    }
}

#endif

int run(const Arguments& arguments) {
    const auto assistant = hayate::config::load_assistant(arguments.assistant);
    if (!assistant) {
        fmt::print("{}", hayate::config::format(assistant.error()));
        return 1;
    }
    auto names = hayate::cli::load_names(arguments.assistant);
    hayate::understand::SentenceVector vector_of;
    if (!arguments.is_plain) vector_of = hayate::cli::load_sentence_vectors();
    if (!names || (!vector_of && !arguments.is_plain)) {
        fmt::print("the catalog or the embedder's weights cannot be read\n");
        return 1;
    }
    const auto understander = hayate::cli::train_assistant(
        *assistant, hayate::cli::make_finder(*assistant, std::move(*names)), vector_of);
    hayate::config::Problems problems;
    std::vector<Read> together;
    for (const std::string& file : arguments.files) {
        const auto all =
            read_all(*understander, vector_of, hayate::cli::read_messages(file, problems));
        if (!problems.empty()) {
            fmt::print("{}", hayate::config::format(problems));
            return 1;
        }
        fmt::print("{}: {} messages\n", file, all.size());
        for (const Read& read : all) {
            if (arguments.shows && read.reading.is_open()) fmt::print("  {}\n", shown(read));
        }
        report_asking(all, *assistant);
        together.insert(together.end(), all.begin(), all.end());
    }
#ifdef HAYATE_HAS_LLAMA
    if (!arguments.models.empty()) report_models(arguments, together, *assistant);
#endif
    return 0;
}

}  // namespace

int main(int count, char** words) { return run(parse(count, words)); }
