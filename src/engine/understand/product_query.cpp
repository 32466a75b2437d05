#include "engine/understand/product_query.hpp"

#include <algorithm>
#include <array>

#include "engine/understand/calendar.hpp"
#include "engine/understand/product_wording.hpp"

namespace hayate::understand {
namespace {

using store::Choice;
using store::ProductFilter;
using store::ProductSort;

constexpr int kShortSeriesMax = 5;  // volumes
constexpr int64_t kAroundPercent = 20;

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

class Reader : private Wording {
  public:
    Reader(const text::Units& units, std::span<const Entity> entities, std::string_view today,
           const text::NameFinder& finder)
        : Wording(units, entities, finder), today_(today) {
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
    // ---- names ----------------------------------------------------------------------------------

    void read_titles() {
        ProductFilter& filter = query_.filter;
        for (size_t i = 0; i < entities().size(); ++i) {
            const Entity& entity = entities()[i];
            if (entity.kind != EntityKind::kTitle) continue;
            if (role(i) == Role::kPlain) add(filter.series.any, entity.value);
            if (role(i) == Role::kNot || role(i) == Role::kLike)
                add(filter.series.none, entity.value);
            if (role(i) == Role::kLike) add(filter.similar_to, entity.value);
        }
        has_title_ = !filter.series.any.empty();
    }

    void read_names() {
        for (size_t i = 0; i < entities().size(); ++i) {
            const Entity& entity = entities()[i];
            if (entity.kind == EntityKind::kGenre && role(i) == Role::kPlain) {
                read_genre(i);
                continue;
            }
            Choice* choice = choice_of(entity.kind);
            const bool is_of_series =
                entity.kind != EntityKind::kFormat && entity.kind != EntityKind::kLanguage;
            if (choice == nullptr) continue;
            if (role(i) == Role::kNot) add(choice->none, entity.value);
            if (role(i) == Role::kPlain && !(has_title_ && is_of_series))
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
            return other < entities().size() && entities()[other].kind == EntityKind::kGenre &&
                   role(other) == Role::kPlain;
        };
        const bool is_alternative =
            (is_genre(i + 1) && are_alternatives(entities()[i], entities()[i + 1])) ||
            (i > 0 && is_genre(i - 1) && are_alternatives(entities()[i - 1], entities()[i]));
        add(is_alternative ? query_.filter.genres.any : query_.filter.genres_all,
            entities()[i].value);
    }

    // ---- numbers --------------------------------------------------------------------------------

    void read_numbers() {
        for (const Entity& entity : entities()) {
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
        return at < all().size() && all()[at].script == text::Script::kDigit &&
               all()[at].letter_count == digits;
    }
    [[nodiscard]] int number(size_t at) const {
        int value = 0;
        for (const char32_t c : letters(at))
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
        for (size_t at = 0; at < all().size(); ++at) {
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
        for (const CuePlace& place : cues()) {
            if (auto days = days_of(place.cue, today_)) return days;
        }
        for (size_t at = 0; at < all().size(); ++at) {
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
        if (at >= all().size()) return 0;
        if ((is_number(at, 1) || is_number(at, 2)) && is_text(at + 1, {"月"})) {
            const int month = number(at);
            return month >= 1 && month <= 12 ? month : 0;
        }
        const auto found = std::ranges::find(kMonths, word(at));
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

    std::string today_;
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
