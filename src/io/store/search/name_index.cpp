#include "io/store/search/name_index.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/text/script.hpp"
#include "core/text/tokens.hpp"
#include "core/text/utf8.hpp"

namespace hayate::store {
namespace {

constexpr size_t kUnitsMax = 24;           // no longer name is looked for
constexpr size_t kQuestionUnitsMax = 400;  // names further on are not found
constexpr size_t kJoinedLettersMin = 5;    // "DrStone" for "Dr. Stone", but not "op" for "O.P."

/// A word, a number, or one Japanese character.
struct Unit {
    std::string text;
    text::Script script = text::Script::kLatin;  // before katakana was folded
};

std::vector<Unit> units_of(std::string_view text) {
    std::vector<Unit> units;
    for (const text::Run& run : text::runs_of(text)) {
        if (run.kind != text::Run::Kind::kJapanese) {
            units.push_back({run.folded, run.kind == text::Run::Kind::kNumber
                                             ? text::Script::kDigit
                                             : text::Script::kLatin});
            continue;
        }
        // Folding replaces characters one by one, so both spellings have the same number of them.
        for (size_t at = 0, plain_at = 0; at < run.folded.size();) {
            Unit unit;
            text::append_utf8(unit.text, text::next_code_point(run.folded, at));
            unit.script = text::script_of(text::next_code_point(run.plain, plain_at));
            units.push_back(std::move(unit));
        }
    }
    return units;
}

bool is_kana(text::Script script) {
    return script == text::Script::kHiragana || script == text::Script::kKatakana;
}

std::vector<std::string> texts_of(const std::vector<Unit>& units) {
    std::vector<std::string> texts;
    texts.reserve(units.size());
    for (const Unit& unit : units) texts.push_back(unit.text);
    return texts;
}

/// A separator after each unit: no name is the beginning of another by accident.
void append_unit(std::string& key, const std::string& unit) {
    key += unit;
    key += ' ';
}

bool is_too_short(const std::vector<Unit>& units) {
    if (units.empty()) return true;
    if (units.size() > 1) return false;
    return text::is_japanese(units[0].script) || units[0].script == text::Script::kDigit ||
           units[0].text.size() < 2;
}

/// A short kana name inside a longer word of the same script is a coincidence: "ナナ" in "バナナ".
bool is_inside_kana_word(const std::vector<Unit>& units, size_t begin, size_t end) {
    constexpr size_t kSafeLength = 4;
    if (end - begin >= kSafeLength) return false;
    const text::Script script = units[begin].script;
    for (size_t i = begin; i < end; ++i) {
        if (!is_kana(units[i].script)) return false;
    }
    // Hiragana after the name is grammar ("ナナは"); before a katakana name it is a particle.
    const bool is_glued_before = begin > 0 && units[begin - 1].script == script;
    const bool is_glued_after =
        script == text::Script::kKatakana && end < units.size() && units[end].script == script;
    return is_glued_before || is_glued_after;
}

/// "DrStone" and "onepiece": a name of several words written as one.
std::string joined_words(const std::vector<Unit>& units) {
    std::string joined;
    if (units.size() < 2) return joined;
    for (const Unit& unit : units) {
        if (unit.script != text::Script::kLatin) return {};
        joined += unit.text;
    }
    return joined.size() >= kJoinedLettersMin ? joined : std::string();
}

}  // namespace

NameIndex::NameIndex(const std::vector<Name>& names) {
    std::unordered_map<std::string, uint32_t> numbers;
    for (const Name& name : names) {
        const std::vector<Unit> units = units_of(name.name);
        if (is_too_short(units) || units.size() > kUnitsMax) continue;
        const auto [number, is_new] =
            numbers.try_emplace(name.doc, static_cast<uint32_t>(docs_.size()));
        if (is_new) docs_.push_back(name.doc);
        add(texts_of(units), number->second, name.kind);
        if (const std::string joined = joined_words(units); !joined.empty()) {
            add({joined}, number->second, name.kind);
        }
    }
}

void NameIndex::add(const std::vector<std::string>& units, uint32_t doc, Kind kind) {
    std::string key;
    for (const std::string& unit : units) {
        if (!key.empty()) entries_.try_emplace(key);  // a beginning: `find` goes on from here
        append_unit(key, unit);
    }
    Entry& entry = entries_[key];
    if (std::ranges::find(entry.docs, doc) == entry.docs.end()) entry.docs.push_back(doc);
    entry.kind = std::max(entry.kind, kind);
}

NameIndex::Match NameIndex::longest_at(std::span<const std::string> units) const {
    Match match;
    std::string key;
    for (size_t i = 0; i < units.size(); ++i) {
        append_unit(key, units[i]);
        const auto entry = entries_.find(key);
        if (entry == entries_.end()) break;
        if (!entry->second.docs.empty()) match = {&entry->second, i + 1};
    }
    return match;
}

std::vector<NameIndex::Found> NameIndex::find(std::string_view question) const {
    std::vector<Unit> units = units_of(question);
    units.resize(std::min(units.size(), kQuestionUnitsMax));
    const std::vector<std::string> texts = texts_of(units);
    std::vector<Found> found;
    std::unordered_set<uint32_t> seen;
    for (size_t begin = 0; begin < units.size();) {
        const Match match = longest_at(std::span(texts).subspan(begin));
        const bool is_name =
            match.entry != nullptr && !is_inside_kana_word(units, begin, begin + match.length);
        for (size_t i = 0; is_name && i < match.entry->docs.size(); ++i) {
            const uint32_t doc = match.entry->docs[i];
            if (seen.insert(doc).second)
                found.push_back({docs_[doc], match.entry->kind, begin, match.length});
        }
        begin += is_name ? match.length : 1;
    }
    return found;
}

std::string NameIndex::single_word(std::string_view name) {
    const std::vector<Unit> units = units_of(name);
    return units.size() == 1 && units[0].script == text::Script::kLatin ? units[0].text
                                                                        : std::string();
}

}  // namespace hayate::store
