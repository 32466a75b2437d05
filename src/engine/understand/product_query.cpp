#include "engine/understand/product_query.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "engine/understand/calendar.hpp"

namespace hayate::understand {
namespace {

using store::Choice;
using store::ProductFilter;
using store::ProductSort;
using Words = std::initializer_list<std::string_view>;

constexpr int kShortSeriesMax = 5;  // volumes
constexpr int64_t kAroundPercent = 20;
constexpr size_t kScope = 4;  // units between "not" and what it is said of

text::NameFinder make_finder(const std::vector<CuePhrase>& more) {
    std::vector<CuePhrase> all = general_cues();
    all.insert(all.end(), more.begin(), more.end());
    std::vector<text::NameFinder::Name> names;
    for (const CuePhrase& phrase : all)
        names.push_back({phrase.text, static_cast<uint32_t>(phrase.cue)});
    return text::NameFinder(names);
}

void add(std::vector<std::string>& values, std::string_view value) {
    if (std::ranges::find(values, value) == values.end()) values.emplace_back(value);
}

struct CuePlace {
    Cue cue = Cue::kNothing;
    uint32_t begin = 0;  // units
    uint32_t end = 0;
};

class Reader {
  public:
    Reader(const text::Units& units, std::span<const Entity> entities, std::string_view today,
           const text::NameFinder& finder)
        : units_(units), all_(units.all()), entities_(entities), today_(today) {
        find_cues(finder);
        find_roles();
        query_.filter.today = today;
    }

    ProductQuery read() {
        read_titles();
        read_names();
        read_numbers();
        read_decades();
        read_cues();
        read_days();
        return std::move(query_);
    }

  private:
    enum class Role : uint8_t { kPlain, kNot, kLike, kIgnored };

    // ---- looking around -------------------------------------------------------------------------

    [[nodiscard]] bool is_word(size_t at, Words words) const {
        return at < all_.size() && std::ranges::count(words, units_.text(all_[at])) > 0;
    }
    [[nodiscard]] bool is_preceded(size_t at, Words words, size_t within) const {
        for (size_t back = 1; back <= std::min(within, at); ++back)
            if (is_word(at - back, words)) return true;
        return false;
    }
    /// The text from the unit `at` on, or from the end.
    [[nodiscard]] std::string_view rest(size_t at) const {
        const std::string_view text = units_.text();
        return at < all_.size()              ? text.substr(all_[at].begin)
               : at == all_.size() && at > 0 ? text.substr(all_[at - 1].end)
                                             : std::string_view();
    }
    [[nodiscard]] bool is_text(size_t at, Words texts) const {
        return std::ranges::any_of(
            texts, [&](std::string_view text) { return rest(at).starts_with(text); });
    }
    /// What stands before the unit `at`.
    [[nodiscard]] std::string_view before(size_t at) const {
        return units_.text().substr(0, at < all_.size() ? all_[at].begin : units_.text().size());
    }
    /// What stands between the units `from` and `to`, without the blanks around it.
    [[nodiscard]] std::string_view between(size_t from, size_t to) const {
        if (from > to || to > all_.size()) return "?";
        const size_t begin = from == 0 ? 0 : all_[from - 1].end;
        const size_t end = to < all_.size() ? all_[to].begin : units_.text().size();
        std::string_view text = units_.text().substr(begin, end - begin);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
        return text;
    }
    [[nodiscard]] static bool is_one_of(std::string_view text, Words texts) {
        return std::ranges::count(texts, text) > 0;
    }
    [[nodiscard]] bool are_listed(const Entity& a, const Entity& b) const {
        return a.kind == b.kind &&
               (a.begin == b.begin ||
                is_one_of(between(a.end, b.begin),
                          {"",      ",",    "and",    "or",     "nor",       "&",        "/",
                           ", and", ", or", "or in",  "and in", "、",        "と",       "や",
                           "か",    "とか", "・",     "も",     "または",    "もしくは", "及び",
                           "「",    "」「", "」と「", "」や「", "\" and \"", "or any"}));
    }
    [[nodiscard]] bool are_alternatives(const Entity& a, const Entity& b) const {
        return a.begin == b.begin ||
               is_one_of(between(a.end, b.begin), {"or", "/", ", or", "か", "や", "または",
                                                   "もしくは", "とか", "or in", "nor"});
    }

    // ---- cues -----------------------------------------------------------------------------------

    void find_cues(const text::NameFinder& finder) {
        std::vector<text::NameFinder::Match> matches;
        finder.find(units_, matches);
        for (const text::NameFinder::Match& match : matches) {
            const bool is_inside = std::ranges::any_of(entities_, [&](const Entity& entity) {
                return entity.is_certain && entity.begin < match.end && match.begin < entity.end;
            });
            if (!is_inside)
                cues_.push_back({static_cast<Cue>(match.values[0]), match.begin, match.end});
        }
    }
    [[nodiscard]] bool has(Cue cue) const {
        return std::ranges::any_of(cues_, [&](const CuePlace& place) { return place.cue == cue; });
    }
    /// The cue stands before the entity, with nothing of weight between them.
    [[nodiscard]] bool is_after(Cue cue, const Entity& entity) const {
        return std::ranges::any_of(cues_, [&](const CuePlace& place) {
            if (place.cue != cue || place.end > entity.begin || entity.begin > place.end + kScope)
                return false;
            for (size_t at = place.end; at < entity.begin; ++at) {
                if (!is_word(at,
                             {"a",         "an",      "the",   "any",    "too",   "very",
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
    /// The cue follows the entity.
    [[nodiscard]] bool is_before(const Entity& entity, Cue cue) const {
        return std::ranges::any_of(cues_, [&](const CuePlace& place) {
            if (place.cue != cue || place.begin < entity.end) return false;
            const std::string_view gap = between(entity.end, place.begin);
            return is_one_of(
                gap,
                {"",       "の",     "は",       "が",     "を",       "も",     "系",     "系は",
                 "系が",   "もの",   "ものは",   "モノ",   "作品",     "作品は", "の作品", "漫画",
                 "マンガ", "漫画は", "マンガは", "の漫画", "のマンガ", "版",     "版は",   "とか",
                 "とかは", "」",     "』",       "」は",   "」が",     "」の",   "さん",   "先生",
                 "要素",   "要素の", "のは",     "ものが", "系の"});
        });
    }

    // ---- roles ----------------------------------------------------------------------------------

    void find_roles() {
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
    /// "no horror or drama", "NARUTOやBLEACHみたいな": what is said of one is said of the list.
    void spread_roles() {
        for (size_t i = 1; i < entities_.size(); ++i) {
            const Role role = roles_[i - 1];
            const bool is_from_left = (role == Role::kNot && is_cued(i - 1, Cue::kNotBefore)) ||
                                      (role == Role::kLike && is_cued(i - 1, Cue::kLikeBefore));
            if (is_from_left && can_take_role(i) && are_one_list(i - 1)) roles_[i] = role;
        }
        for (size_t i = entities_.size(); i-- > 1;) {
            const Role role = roles_[i];
            const bool is_from_right = (role == Role::kNot || role == Role::kLike) &&
                                       !is_cued(i, Cue::kNotBefore) &&
                                       !is_cued(i, Cue::kLikeBefore);
            if (is_from_right && can_take_role(i - 1) && are_one_list(i - 1)) roles_[i - 1] = role;
        }
    }
    /// In a list a title is a title, even when it is an ordinary word.
    [[nodiscard]] bool can_take_role(size_t i) const {
        return roles_[i] == Role::kPlain ||
               (roles_[i] == Role::kIgnored && entities_[i].kind == EntityKind::kTitle);
    }
    /// The entity and the next one are joined by more than standing side by side.
    [[nodiscard]] bool are_one_list(size_t i) const {
        const Entity& a = entities_[i];
        const Entity& b = entities_[i + 1];
        return are_listed(a, b) && (a.begin == b.begin || !between(a.end, b.begin).empty());
    }
    /// Its role comes from a cue of this kind, its own or that of the list's beginning.
    [[nodiscard]] bool is_cued(size_t i, Cue cue) const {
        for (;; --i) {
            if (is_after(cue, entities_[i])) return true;
            if (i == 0 || !are_listed(entities_[i - 1], entities_[i])) return false;
        }
    }

    [[nodiscard]] bool is_said_by_the_way(const Entity& entity) const {
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
                return is_short_word(entity) && !is_meant_as_person(entity);
            default:
                return false;
        }
    }
    /// An ordinary word is a title when a volume or an edition of it is asked for, when it is
    /// quoted, or when nothing else is said.
    [[nodiscard]] bool is_meant_as_title(const Entity& entity) const {
        const std::string_view head = before(entity.begin);
        const bool is_quoted = head.ends_with('"') || head.ends_with("「") ||
                               head.ends_with("『") || head.ends_with("“");
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
    /// A pen name such as "ONE" is a word of every second sentence.
    [[nodiscard]] bool is_short_word(const Entity& entity) const {
        constexpr uint32_t kLettersMax = 4;
        return entity.end == entity.begin + 1 && !is_japanese(entity) &&
               all_[entity.begin].letter_count <= kLettersMax;
    }
    [[nodiscard]] bool is_meant_as_person(const Entity& entity) const {
        return is_preceded(entity.begin, {"by", "author", "artist"}, 1) ||
               is_text(entity.end, {"の", "先生", "さん", "原作", "作"}) ||
               (entity.begin == 0 && entity.end == all_.size());
    }
    /// "in Japanese", 日本語版; not "a Japanese story", "answer in English", 英語で答えて.
    [[nodiscard]] bool is_language_of_goods(const Entity& entity) const {
        const bool is_of_answer =
            is_preceded(entity.begin, {"answer", "reply", "speak", "respond", "talk", "write"},
                        3) ||
            is_text(entity.end, {"で答", "で返", "で話", "で説明", "で回答", "で対応", "を話"});
        if (is_of_answer) return false;
        const bool is_adjective_alone = entity.value == "ja" && !is_japanese(entity);
        return !is_adjective_alone || is_preceded(entity.begin, {"in", "or", "not"}, 1) ||
               is_word(entity.end, {"version", "versions", "edition", "editions", "copy", "copies",
                                    "language", "translation", "original", "originals", "text",
                                    "print", "only", "volume", "volumes", "vol", "or", "and"});
    }
    [[nodiscard]] bool is_japanese(const Entity& entity) const {
        return entity.begin < all_.size() && text::is_japanese(all_[entity.begin].script);
    }

    // ---- names ----------------------------------------------------------------------------------

    void read_titles() {
        ProductFilter& filter = query_.filter;
        for (size_t i = 0; i < entities_.size(); ++i) {
            const Entity& entity = entities_[i];
            if (entity.kind != EntityKind::kTitle) continue;
            if (roles_[i] == Role::kPlain) add(filter.series.any, entity.value);
            if (roles_[i] == Role::kNot || roles_[i] == Role::kLike)
                add(filter.series.none, entity.value);
            if (roles_[i] == Role::kLike) add(filter.similar_to, entity.value);
        }
        has_title_ = !filter.series.any.empty();
    }

    void read_names() {
        for (size_t i = 0; i < entities_.size(); ++i) {
            const Entity& entity = entities_[i];
            if (entity.kind == EntityKind::kGenre && roles_[i] == Role::kPlain) {
                read_genre(i);
                continue;
            }
            Choice* choice = choice_of(entity.kind);
            const bool is_of_series =
                entity.kind != EntityKind::kFormat && entity.kind != EntityKind::kLanguage;
            if (choice == nullptr) continue;
            if (roles_[i] == Role::kNot) add(choice->none, entity.value);
            if (roles_[i] == Role::kPlain && !(has_title_ && is_of_series))
                add(choice->any, entity.value);
        }
        // "not only": what is wanted is not unwanted.
        for (Choice* choice : {&query_.filter.kinds, &query_.filter.languages}) {
            std::erase_if(choice->none, [&](const std::string& value) {
                return std::ranges::count(choice->any, value) > 0;
            });
        }
    }
    [[nodiscard]] Choice* choice_of(EntityKind kind) {
        ProductFilter& filter = query_.filter;
        switch (kind) {
            case EntityKind::kPerson:
                return &filter.authors;
            case EntityKind::kGenre:
                return &filter.genres;
            case EntityKind::kAudience:
                return &filter.demographics;
            case EntityKind::kFormat:
                return &filter.kinds;
            case EntityKind::kLanguage:
                return &filter.languages;
            case EntityKind::kState:
                return &filter.statuses;
            default:
                return nullptr;
        }
    }
    void read_genre(size_t i) {
        if (has_title_) return;
        const auto is_genre = [&](size_t other) {
            return other < entities_.size() && entities_[other].kind == EntityKind::kGenre &&
                   roles_[other] == Role::kPlain;
        };
        const bool is_alternative =
            (is_genre(i + 1) && are_alternatives(entities_[i], entities_[i + 1])) ||
            (i > 0 && is_genre(i - 1) && are_alternatives(entities_[i - 1], entities_[i]));
        add(is_alternative ? query_.filter.genres.any : query_.filter.genres_all,
            entities_[i].value);
    }

    // ---- numbers --------------------------------------------------------------------------------

    void read_numbers() {
        for (const Entity& entity : entities_) {
            std::optional<int64_t> low = entity.low;
            std::optional<int64_t> high = entity.high;
            if (entity.is_strict && low && !high) ++*low;
            if (entity.is_strict && high && !low) --*high;
            if (entity.kind == EntityKind::kPrice) read_price(entity, low, high);
            if (entity.kind == EntityKind::kVolume) read_volumes(entity, low, high);
            if (entity.kind == EntityKind::kVolumeCount) read_volume_count(entity, low, high);
            if (entity.kind == EntityKind::kYear) read_year(entity, low, high);
        }
    }

    void read_price(const Entity& entity, std::optional<int64_t> low, std::optional<int64_t> high) {
        if (entity.value != "JPY") {
            query_.has_foreign_price = true;
            return;
        }
        if (low && high && *low == *high) {
            const int64_t price = *low;
            const bool is_around =
                is_preceded(entity.begin, {"around", "about", "roughly", "approximately", "some"},
                            2) ||
                is_text(entity.end, {"くらい", "ぐらい", "前後", "程度", "ほど"}) ||
                before(entity.begin).ends_with("約");
            const bool is_budget =
                is_preceded(entity.begin,
                            {"budget", "have", "only", "spend", "with", "afford", "got", "for"},
                            4) ||
                is_word(entity.end, {"budget", "note", "bill"}) ||
                is_text(entity.end, {"で", "しか", "あれば", "札", "の予算"}) ||
                before(entity.begin).find("予算") != std::string_view::npos;
            if (is_text(entity.end, {"台"})) {
                int64_t step = 1;
                while (step * 10 <= price) step *= 10;
                high = price + step - 1;
            } else if (is_around) {
                low = price - price * kAroundPercent / 100;
                high = price + price * kAroundPercent / 100;
            } else if (is_budget) {
                low.reset();
            }
        }
        ProductFilter& filter = query_.filter;
        if (low) filter.price_low = std::max(filter.price_low.value_or(*low), *low);
        if (high) filter.price_high = std::min(filter.price_high.value_or(*high), *high);
    }

    static std::optional<int> narrow(std::optional<int64_t> value) {
        return value ? std::optional(static_cast<int>(std::clamp<int64_t>(*value, 0, 1'000'000)))
                     : std::nullopt;
    }

    void read_volumes(const Entity&, std::optional<int64_t> low, std::optional<int64_t> high) {
        ProductFilter& filter = query_.filter;
        // "volume 3 and volume 5": from the first to the last of them.
        const bool is_first = !filter.volume_low && !filter.volume_high;
        if (is_first) filter.volume_low = narrow(low);
        if (is_first) filter.volume_high = narrow(high);
        if (!is_first && low && filter.volume_low)
            filter.volume_low = std::min(*filter.volume_low, *narrow(low));
        if (!is_first && high && filter.volume_high)
            filter.volume_high = std::max(*filter.volume_high, *narrow(high));
        filter.takes_sets = !filter.kinds.any.empty();
    }

    /// How long a series is; not how many copies are wanted of one that is named.
    void read_volume_count(const Entity& entity, std::optional<int64_t> low,
                           std::optional<int64_t> high) {
        const bool is_exact = low && high && *low == *high;
        const bool is_length = !is_exact || is_text(entity.end, {"完結", "で完結"}) ||
                               before(entity.begin).ends_with("全") ||
                               is_preceded(entity.begin, {"in", "of", "exactly"}, 2);
        if (has_title_ || !is_length) return;
        query_.filter.series_volumes_min = narrow(low);
        query_.filter.series_volumes_max = narrow(high);
    }

    [[nodiscard]] bool is_about_release() const {
        return has(Cue::kRelease) || has(Cue::kNew) || has(Cue::kUpcoming);
    }

    void read_year(const Entity& entity, std::optional<int64_t> low, std::optional<int64_t> high) {
        // A decade is read with its own form, and a month with its year.
        if (is_decade(entity.begin) || is_text(entity.end, {"代"})) return;
        if (month_before(entity.begin) || month_after(entity.end)) return;
        set_years(narrow(low), narrow(high));
    }
    void set_years(std::optional<int> low, std::optional<int> high) {
        ProductFilter& filter = query_.filter;
        if (is_about_release()) {
            if (low) filter.release_from = std::to_string(*low) + "-01-01";
            if (high) filter.release_to = std::to_string(*high) + "-12-31";
        } else if (!has_title_) {
            if (low) filter.start_year_from = low;
            if (high) filter.start_year_to = high;
        }
    }

    [[nodiscard]] bool is_number(size_t at, uint32_t digits) const {
        return at < all_.size() && all_[at].script == text::Script::kDigit &&
               all_[at].letter_count == digits;
    }
    [[nodiscard]] int number(size_t at) const {
        int value = 0;
        for (const char32_t c : units_.letters(all_[at]))
            value = value * 10 + (c >= U'0' && c <= U'9' ? static_cast<int>(c - U'0') : 0);
        return value;
    }
    /// "1990s", "'90s", "90年代": the first year of it.
    [[nodiscard]] std::optional<int> decade_at(size_t at) const {
        if (!is_number(at, 4) && !is_number(at, 2)) return std::nullopt;
        const int value = number(at);
        const bool is_named = (is_word(at + 1, {"s"}) && between(at + 1, at + 1).size() < 2) ||
                              is_text(at + 1, {"年代"});
        if (!is_named || value % 10 != 0) return std::nullopt;
        if (is_number(at, 4))
            return value >= 1900 && value < 2100 ? std::optional(value) : std::nullopt;
        return value >= 40 ? 1900 + value : 2000 + value;
    }
    [[nodiscard]] bool is_decade(size_t at) const { return decade_at(at).has_value(); }
    void read_decades() {
        for (size_t at = 0; at < all_.size(); ++at) {
            const auto first = decade_at(at);
            if (!first) continue;
            const bool is_since =
                is_preceded(at, {"since", "after"}, 2) || is_text(at + 1, {"年代以降", "年代から"});
            const bool is_until = is_preceded(at, {"before", "until"}, 2) ||
                                  is_text(at + 1, {"年代以前", "年代より前"});
            if (is_until) {
                set_years(std::nullopt, is_preceded(at, {"before"}, 2) ? *first - 1 : *first + 9);
            } else {
                set_years(*first, is_since ? std::nullopt : std::optional(*first + 9));
            }
        }
    }

    // ---- order and release ----------------------------------------------------------------------

    void read_cues() {
        ProductFilter& filter = query_.filter;
        const auto sort = [&](ProductSort by) {
            if (filter.sort == ProductSort::kRelevance) filter.sort = by;
        };
        if (has(Cue::kFirstVolume) && !filter.volume_low)
            filter.volume_low = filter.volume_high = 1;
        if (has(Cue::kLatestVolume)) {
            filter.volume_low = filter.volume_low.value_or(0);  // whatever has a number
            filter.release_to = today_;
            sort(ProductSort::kNewest);
        }
        if (has(Cue::kCheapest)) sort(ProductSort::kCheapest);
        if (has(Cue::kDearest)) sort(ProductSort::kDearest);
        if (has(Cue::kTrending)) sort(ProductSort::kTrending);
        const bool is_one_volume = filter.volume_low && filter.volume_low == filter.volume_high;
        // Of a single volume it is a question: the answer shows it with its stock.
        if (has(Cue::kInStock) && !(has_title_ && is_one_volume)) {
            filter.is_in_stock = true;
            if (filter.release_to.empty()) filter.release_to = today_;
        }
        if (has(Cue::kShort) && !has_title_ && !filter.series_volumes_max)
            filter.series_volumes_max = kShortSeriesMax;
    }

    void read_days() {
        ProductFilter& filter = query_.filter;
        const std::optional<Days> stretch = named_days();
        if (stretch && (is_about_release() || has(Cue::kLatestVolume))) {
            filter.release_from = std::max(filter.release_from, stretch->first);
            filter.release_to = stretch->last;
            if (filter.sort == ProductSort::kRelevance) filter.sort = ProductSort::kNewest;
            return;
        }
        if (has(Cue::kUpcoming)) {
            filter.release_from = day_after(today_, 1);
            filter.sort = ProductSort::kSoonest;
            return;
        }
        if (!has(Cue::kNew)) return;
        if (filter.sort == ProductSort::kRelevance) filter.sort = ProductSort::kNewest;
        if (filter.release_to.empty()) filter.release_to = today_;
    }

    /// "this week", "in March 2026", 10月.
    [[nodiscard]] std::optional<Days> named_days() const {
        for (const CuePlace& place : cues_) {
            if (auto days = days_of(place.cue, today_)) return days;
        }
        for (size_t at = 0; at < all_.size(); ++at) {
            const int month = month_at(at);
            if (month == 0) continue;
            std::optional<int> year;
            if (is_number(at + 1, 4)) year = number(at + 1);
            if (at > 1 && is_number(at - 2, 4) && is_word(at - 1, {"年"})) year = number(at - 2);
            return days_of_month(month, year, today_);
        }
        return std::nullopt;
    }
    /// 1 to 12 where the name of a month begins, else 0.
    [[nodiscard]] int month_at(size_t at) const {
        static constexpr std::array<std::string_view, 12> kMonths{
            "january", "february", "march",     "april",   "may",      "june",
            "july",    "august",   "september", "october", "november", "december"};
        if (at >= all_.size()) return 0;
        if ((is_number(at, 1) || is_number(at, 2)) && is_text(at + 1, {"月"})) {
            const int month = number(at);
            return month >= 1 && month <= 12 ? month : 0;
        }
        const auto found = std::ranges::find(kMonths, units_.text(all_[at]));
        if (found == kMonths.end()) return 0;
        // "may" and "march" are verbs, too.
        const bool is_named =
            is_preceded(
                at, {"in", "of", "this", "last", "next", "since", "from", "during", "until", "by"},
                1) ||
            is_number(at + 1, 4) || is_word(at + 1, {"releases", "release"});
        return is_named ? static_cast<int>(found - kMonths.begin()) + 1 : 0;
    }
    [[nodiscard]] bool month_before(size_t at) const { return at > 0 && month_at(at - 1) > 0; }
    [[nodiscard]] bool month_after(size_t at) const { return month_at(at) > 0; }

    const text::Units& units_;
    std::span<const text::Unit> all_;
    std::span<const Entity> entities_;
    std::string today_;
    std::vector<CuePlace> cues_;
    std::vector<Role> roles_;  // of the entities
    bool has_title_ = false;
    ProductQuery query_;
};

}  // namespace

ProductQueryReader::ProductQueryReader(const std::vector<CuePhrase>& more)
    : finder_(make_finder(more)) {}

ProductQuery ProductQueryReader::query_of(const text::Units& units,
                                          std::span<const Entity> entities,
                                          std::string_view today) const {
    return Reader(units, entities, today, finder_).read();
}

}  // namespace hayate::understand
