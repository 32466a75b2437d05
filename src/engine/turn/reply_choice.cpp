#include "engine/turn/reply_choice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/text/normalise.hpp"
#include "core/text/tokens.hpp"

namespace hayate::turn {
namespace {

using text::Run;
using Places = std::vector<size_t>;

/// Counted from the front, or from the end when negative. Folded as text::Run::folded.
struct Ordinal {
    std::string_view word;
    int place = 0;
};
constexpr std::array kOrdinals{
    Ordinal{"first", 0},    Ordinal{"former", 0}, Ordinal{"second", 1},  Ordinal{"two", 1},
    Ordinal{"third", 2},    Ordinal{"three", 2},  Ordinal{"latter", -1}, Ordinal{"last", -1},
    Ordinal{"最初", 0},     Ordinal{"前者", 0},   Ordinal{"一つ目", 0},  Ordinal{"ひとつ目", 0},
    Ordinal{"一番目", 0},   Ordinal{"一番", 0},   Ordinal{"いち", 0},    Ordinal{"二つ目", 1},
    Ordinal{"ふたつ目", 1}, Ordinal{"二番目", 1}, Ordinal{"二番", 1},    Ordinal{"三つ目", 2},
    Ordinal{"みっつ目", 2}, Ordinal{"三番目", 2}, Ordinal{"三番", 2},    Ordinal{"後者", -1},
    Ordinal{"最後", -1},
};

/// Words around a choice that choose nothing. "One" is the first only when it stands alone.
constexpr std::array<std::string_view, 37> kEnglishFillers{
    "the",  "a",    "an",   "one", "option", "number", "please", "thank", "it",   "its",
    "is",   "s",    "i",    "m",   "am",     "mean",   "meant",  "about", "of",   "to",
    "for",  "that", "this", "yes", "yeah",   "yep",    "would",  "like",  "want", "my",
    "your", "with", "d",    "st",  "nd",     "rd",     "th"};
/// In phrases, but said of anything.
constexpr std::array<std::string_view, 16> kEnglishCommon{
    "how", "or",    "and",  "in",   "we",  "our",  "us",    "should",
    "put", "right", "work", "what", "you", "when", "where", "general"};
/// Before and after a choice, the longest first.
constexpr std::array<std::string_view, 20> kJapaneseEndings{
    "でお願いします", "をお願いします", "お願いします", "についてです",
    "について",       "のことです",     "のほうです",   "の方です",
    "のほう",         "の方",           "のこと",       "を選びます",
    "番目",           "つ目",           "です",         "番",
    "だよ",           "かな",           "の",           "で"};
constexpr std::array<std::string_view, 4> kJapaneseBeginnings{"はい", "ええ", "えっと", "ご"};

/// Normalised. English ones begin a reply, Japanese ones stand anywhere in it.
constexpr std::array<std::string_view, 13> kEnglishDeclines{
    "never mind", "nevermind", "no problem", "no worries", "no thank", "no need", "nothing",
    "neither",    "none",      "forget it",  "not needed", "it's ok",  "all good"};
constexpr std::array<std::string_view, 11> kJapaneseDeclines{
    "大丈夫",       "結構です",           "けっこうです",   "なんでもない",
    "何でもない",   "なんでもありません", "問題ありません", "問題ないです",
    "気にしないで", "やっぱりいい",       "どちらでもない"};

std::string stripped(std::string run) {
    for (bool is_done = false; !is_done;) {
        is_done = true;
        for (const std::string_view ending : kJapaneseEndings) {
            if (!run.ends_with(ending)) continue;
            run.resize(run.size() - ending.size());
            is_done = false;
            break;
        }
    }
    for (const std::string_view beginning : kJapaneseBeginnings) {
        if (run.starts_with(beginning)) return run.substr(beginning.size());
    }
    return run;
}

/// The phrases by which one intent is known, taken apart.
struct Known {
    std::vector<std::string> words;     // folded; without fillers
    std::vector<std::string> japanese;  // folded runs
    std::vector<std::string> whole;     // normalised
};

bool is_filler(std::string_view word) { return std::ranges::count(kEnglishFillers, word) > 0; }
bool is_common(std::string_view word) { return std::ranges::count(kEnglishCommon, word) > 0; }

std::vector<Known> known_of(const std::vector<std::string>& intents,
                            const config::AssistantConfig& assistant) {
    std::vector<Known> all;
    for (const std::string& name : intents) {
        Known& known = all.emplace_back();
        const auto intent = assistant.intents.intents.find(name);
        if (intent == assistant.intents.intents.end()) continue;
        for (const auto& [language, phrase] : intent->second.ask_back) {
            known.whole.push_back(text::normalise(phrase));
            for (const Run& run : text::runs_of(phrase)) {
                if (run.kind == Run::Kind::kJapanese) {
                    known.japanese.push_back(run.folded);
                } else if (!is_filler(run.folded) && !is_common(run.folded)) {
                    known.words.push_back(run.folded);
                }
            }
        }
    }
    return all;
}

template <class Fits>
Places places_where(const std::vector<Known>& known, Fits fits) {
    Places places;
    for (size_t i = 0; i < known.size(); ++i) {
        if (fits(known[i])) places.push_back(i);
    }
    return places;
}

Places by_ordinal(std::string_view word, size_t count) {
    const auto found = std::ranges::find(kOrdinals, word, &Ordinal::word);
    if (found == kOrdinals.end()) return {};
    const int place = found->place < 0 ? static_cast<int>(count) + found->place : found->place;
    if (place < 0 || place >= static_cast<int>(count)) return {};
    return {static_cast<size_t>(place)};
}

Places by_number(std::string_view digits, size_t count) {
    size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number >= 1 && number <= count ? Places{number - 1} : Places{};
}

Places by_japanese(const std::string& run, const std::vector<Known>& known) {
    const std::string said = stripped(run);
    for (const std::string& word : {run, said}) {
        if (Places places = by_ordinal(word, known.size()); !places.empty()) return places;
    }
    constexpr size_t kTwoCharacters = 6;  // bytes: one is in too many words
    if (said.size() < kTwoCharacters) return {};
    return places_where(known, [&](const Known& one) {
        return std::ranges::any_of(one.japanese, [&](const std::string& phrase) {
            return phrase.find(said) != std::string::npos;
        });
    });
}

/// The places that a run of the reply fits; all of them when it chooses nothing, none when it says
/// something else.
Places places_of(const Run& run, const std::vector<Known>& known) {
    Places all = places_where(known, [](const Known&) { return true; });
    switch (run.kind) {
        case Run::Kind::kNumber:
            return by_number(run.folded, known.size());
        case Run::Kind::kJapanese:
            return stripped(run.folded).empty() ? all : by_japanese(run.folded, known);
        case Run::Kind::kWord:
            break;
    }
    if (is_filler(run.folded)) return all;
    if (is_common(run.folded)) return {};
    if (Places places = by_ordinal(run.folded, known.size()); !places.empty()) return places;
    return places_where(
        known, [&](const Known& one) { return std::ranges::count(one.words, run.folded) > 0; });
}

}  // namespace

bool declines(std::string_view reply) {
    const std::string said = text::normalise(reply);
    return std::ranges::any_of(kEnglishDeclines,
                               [&](std::string_view words) { return said.starts_with(words); }) ||
           std::ranges::any_of(kJapaneseDeclines,
                               [&](std::string_view words) { return said.contains(words); });
}

std::optional<size_t> chosen_by(std::string_view reply, const std::vector<std::string>& intents,
                                const config::AssistantConfig& assistant) {
    const std::vector<Known> known = known_of(intents, assistant);
    const std::string whole = text::normalise(reply);
    Places left = places_where(
        known, [&](const Known& one) { return std::ranges::count(one.whole, whole) > 0; });
    if (left.size() == 1) return left.front();
    if (whole == "one" && !known.empty()) return 0;

    left = places_where(known, [](const Known&) { return true; });
    for (const Run& run : text::runs_of(reply)) {
        const Places fitting = places_of(run, known);
        std::erase_if(left, [&](size_t place) { return std::ranges::count(fitting, place) == 0; });
    }
    return left.size() == 1 && known.size() > 1 ? std::optional(left.front()) : std::nullopt;
}

}  // namespace hayate::turn
