#include "engine/understand/product_wording.hpp"

#include <algorithm>

namespace hayate::understand {
namespace {

constexpr size_t kScope = 4;  // units between "not" and what it is said of

}  // namespace

Wording::Wording(const text::Units& units, std::span<const Entity> entities,
                 const text::NameFinder& finder)
    : units_(units), all_(units.all()), entities_(entities) {
    find_cues(finder);
    find_roles();
}

bool Wording::is_word(size_t at, Words words) const {
    return at < all_.size() && std::ranges::count(words, units_.text(all_[at])) > 0;
}

bool Wording::is_preceded(size_t at, Words words, size_t within) const {
    for (size_t back = 1; back <= std::min(within, at); ++back)
        if (is_word(at - back, words)) return true;
    return false;
}

std::string_view Wording::rest(size_t at) const {
    const std::string_view text = units_.text();
    return at < all_.size()              ? text.substr(all_[at].begin)
           : at == all_.size() && at > 0 ? text.substr(all_[at - 1].end)
                                         : std::string_view();
}

bool Wording::is_text(size_t at, Words texts) const {
    return std::ranges::any_of(texts,
                               [&](std::string_view text) { return rest(at).starts_with(text); });
}

std::string_view Wording::before(size_t at) const {
    return units_.text().substr(0, at < all_.size() ? all_[at].begin : units_.text().size());
}

std::string_view Wording::between(size_t from, size_t to) const {
    if (from > to || to > all_.size()) return "?";
    const size_t begin = from == 0 ? 0 : all_[from - 1].end;
    const size_t end = to < all_.size() ? all_[to].begin : units_.text().size();
    std::string_view text = units_.text().substr(begin, end - begin);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool Wording::is_one_of(std::string_view text, Words texts) {
    return std::ranges::count(texts, text) > 0;
}

bool Wording::are_listed(const Entity& a, const Entity& b) const {
    return a.kind == b.kind &&
           (a.begin == b.begin ||
            is_one_of(between(a.end, b.begin),
                      {"",      ",",    "and",    "or",     "nor",       "&",        "/",
                       ", and", ", or", "or in",  "and in", "、",        "と",       "や",
                       "か",    "とか", "・",     "も",     "または",    "もしくは", "及び",
                       "「",    "」「", "」と「", "」や「", "\" and \"", "or any"}));
}

bool Wording::are_alternatives(const Entity& a, const Entity& b) const {
    return a.begin == b.begin ||
           is_one_of(between(a.end, b.begin),
                     {"or", "/", ", or", "か", "や", "または", "もしくは", "とか", "or in", "nor"});
}

void Wording::find_cues(const text::NameFinder& finder) {
    std::vector<text::NameFinder::Match> matches;
    finder.find(units_, matches);
    for (const text::NameFinder::Match& match : matches) {
        const bool is_inside = std::ranges::any_of(entities_, [&](const Entity& entity) {
            return entity.is_certain &&
                   !(entity.kind == EntityKind::kPerson && is_short_word(entity)) &&
                   entity.begin < match.end && match.begin < entity.end;
        });
        if (!is_inside)
            cues_.push_back({static_cast<Cue>(match.values[0]), match.begin, match.end});
    }
}

bool Wording::has(Cue cue) const {
    return std::ranges::any_of(cues_, [&](const CuePlace& place) { return place.cue == cue; });
}

bool Wording::is_after(Cue cue, const Entity& entity) const {
    return std::ranges::any_of(cues_, [&](const CuePlace& place) {
        if (place.cue != cue || place.end > entity.begin || entity.begin > place.end + kScope)
            return false;
        for (size_t at = place.end; at < entity.begin; ++at) {
            if (!is_word(at, {"a",         "an",      "the",   "any",    "too",   "very",
                              "really",    "so",      "much",  "for",    "from",  "about",
                              "in",        "on",      "of",    "is",     "into",  "by",
                              "anything",  "series",  "books", "titles", "works", "stuff",
                              "something", "reading", "that",  "just",   "read",  "watching"})) {
                return false;
            }
        }
        return true;
    });
}

bool Wording::is_before(const Entity& entity, Cue cue) const {
    return std::ranges::any_of(cues_, [&](const CuePlace& place) {
        if (place.cue != cue || place.begin < entity.end) return false;
        std::string_view gap = between(entity.end, place.begin);
        // A mark at the end of a title ("よつばと！") is no part of the name that was found.
        gap.remove_prefix(std::min(gap.find_first_not_of("!?."), gap.size()));
        return is_one_of(
            gap, {"",       "の",     "は",       "が",     "を",       "も",     "系",     "系は",
                  "系が",   "もの",   "ものは",   "モノ",   "作品",     "作品は", "の作品", "漫画",
                  "マンガ", "漫画は", "マンガは", "の漫画", "のマンガ", "版",     "版は",   "とか",
                  "とかは", "」",     "』",       "」は",   "」が",     "」の",   "さん",   "先生",
                  "要素",   "要素の", "のは",     "ものが", "系の"});
    });
}

void Wording::find_roles() {
    roles_.assign(entities_.size(), Role::kPlain);
    for (size_t i = 0; i < entities_.size(); ++i) {
        const Entity& entity = entities_[i];
        const bool can_be_like =
            entity.kind == EntityKind::kTitle || entity.kind == EntityKind::kPerson;
        if (is_after(Cue::kNotBefore, entity) || is_before(entity, Cue::kNotAfter)) {
            roles_[i] = Role::kNot;
        } else if (can_be_like &&
                   (is_after(Cue::kLikeBefore, entity) || is_before(entity, Cue::kLikeAfter))) {
            roles_[i] = Role::kLike;
        } else if (is_said_by_the_way(entity)) {
            roles_[i] = Role::kIgnored;
        }
    }
    spread_roles();
}

void Wording::spread_roles() {
    for (size_t i = 1; i < entities_.size(); ++i) {
        const Role role = roles_[i - 1];
        const bool is_from_left = (role == Role::kNot && is_cued(i - 1, Cue::kNotBefore)) ||
                                  (role == Role::kLike && is_cued(i - 1, Cue::kLikeBefore));
        if (is_from_left && can_take_role(i) && are_one_list(i - 1)) roles_[i] = role;
    }
    for (size_t i = entities_.size(); i-- > 1;) {
        const Role role = roles_[i];
        const bool is_from_right = (role == Role::kNot || role == Role::kLike) &&
                                   !is_cued(i, Cue::kNotBefore) && !is_cued(i, Cue::kLikeBefore);
        if (is_from_right && can_take_role(i - 1) && are_one_list(i - 1)) roles_[i - 1] = role;
    }
}

bool Wording::can_take_role(size_t i) const {
    return roles_[i] == Role::kPlain ||
           (roles_[i] == Role::kIgnored && entities_[i].kind == EntityKind::kTitle);
}

bool Wording::are_one_list(size_t i) const {
    const Entity& a = entities_[i];
    const Entity& b = entities_[i + 1];
    return are_listed(a, b) && (a.begin == b.begin || !between(a.end, b.begin).empty());
}

bool Wording::is_cued(size_t i, Cue cue) const {
    for (;; --i) {
        if (is_after(cue, entities_[i])) return true;
        if (i == 0 || !are_listed(entities_[i - 1], entities_[i])) return false;
    }
}

bool Wording::is_said_by_the_way(const Entity& entity) const {
    const size_t at = entity.begin;
    switch (entity.kind) {
        case EntityKind::kTitle:
            return !entity.is_certain && !is_meant_as_title(entity);
        case EntityKind::kFormat:
            return is_preceded(at, {"my", "your", "our"}, 2);
        case EntityKind::kState:
            // "the complete box set", "to complete my shelf"
            return is_preceded(at, {"to"}, 1) ||
                   std::ranges::any_of(entities_, [&](const Entity& other) {
                       return other.kind == EntityKind::kFormat && other.begin == entity.end;
                   });
        case EntityKind::kLanguage:
            return !is_language_of_goods(entity);
        case EntityKind::kPerson:
            return (!entity.is_certain || is_short_word(entity)) && !is_meant_as_person(entity);
        default:
            return false;
    }
}

bool Wording::is_meant_as_title(const Entity& entity) const {
    const std::string_view head = before(entity.begin);
    const bool is_quoted =
        head.ends_with('"') || head.ends_with("「") || head.ends_with("『") || head.ends_with("“");
    const bool is_alone = entity.begin == 0 && entity.end == all_.size();
    const bool is_specified = std::ranges::any_of(entities_, [&](const Entity& other) {
        return (other.kind == EntityKind::kVolume || other.kind == EntityKind::kFormat) &&
               other.begin >= entity.end && other.begin <= entity.end + 1;
    });
    const bool is_of = is_word(entity.begin - 1, {"of"}) && entity.begin > 1 &&
                       is_word(entity.begin - 2, {"version", "edition", "editions", "copy",
                                                  "copies", "volume", "volumes", "set", "vol"});
    return is_quoted || is_alone || is_specified || is_of || is_after(Cue::kLikeBefore, entity);
}

bool Wording::is_short_word(const Entity& entity) const {
    constexpr uint32_t kLettersMax = 4;
    return entity.end == entity.begin + 1 && !is_japanese(entity) &&
           all_[entity.begin].letter_count <= kLettersMax;
}

bool Wording::is_meant_as_person(const Entity& entity) const {
    return is_preceded(entity.begin, {"by", "author", "artist"}, 1) ||
           is_text(entity.end, {"の", "先生", "さん", "原作", "作"}) ||
           (entity.begin == 0 && entity.end == all_.size());
}

bool Wording::is_language_of_goods(const Entity& entity) const {
    const bool is_of_answer =
        is_preceded(entity.begin, {"answer", "reply", "speak", "respond", "talk", "write"}, 3) ||
        is_text(entity.end, {"で答", "で返", "で話", "で説明", "で回答", "で対応", "を話"});
    if (is_of_answer) return false;
    const bool is_adjective_alone = entity.value == "ja" && !is_japanese(entity);
    return !is_adjective_alone || is_preceded(entity.begin, {"in", "or", "not"}, 1) ||
           is_word(entity.end, {"version", "versions", "edition", "editions", "copy", "copies",
                                "language", "translation", "original", "originals", "text", "print",
                                "only", "volume", "volumes", "vol", "or", "and"});
}

bool Wording::is_japanese(const Entity& entity) const {
    return entity.begin < all_.size() && text::is_japanese(all_[entity.begin].script);
}

}  // namespace hayate::understand
