#include "engine/understand/number_patterns.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "engine/understand/word_set.hpp"

namespace hayate::understand {
namespace {

using text::Script;
using text::Unit;
using Words = std::initializer_list<std::string_view>;

constexpr size_t kDigitsMax = 9;
constexpr size_t kIsbnDigits = 13;
constexpr WordSet kVolumeNames("vol", "vols", "volume", "volumes", "v", "tome", "band", "book");

struct Number {
    int64_t value = 0;
    size_t begin = 0;  // units
    size_t end = 0;
};

/// One number or a range, without what stands around it.
struct Range {
    Number first;
    Number last;  // the same for a single number
    [[nodiscard]] bool is_single() const { return first.begin == last.begin; }
};

struct Bounds {
    bool is_low = false;     // "from", 以上
    bool is_high = false;    // "under", 以下
    bool is_strict = false;  // the number itself is not meant: "under", 未満
};

class Scanner {
  public:
    Scanner(const text::Units& units, std::vector<Entity>& entities)
        : units_(units), all_(units.all()), entities_(entities), taken_(entities.size()) {}

    void run() {
        for (size_t at = 0; at < all_.size();) {
            const size_t next = is_taken(at) ? at + 1 : read_at(at);
            at = std::max(next, at + 1);
        }
    }

  private:
    // ---- looking around -------------------------------------------------------------------------

    [[nodiscard]] bool is_taken(size_t at) const {
        return std::ranges::any_of(std::span(entities_).first(taken_), [&](const Entity& entity) {
            // A name that is a form of speech ("巻", "volume") does not hide the number beside it.
            return entity.begin <= at && at < entity.end;
        });
    }
    [[nodiscard]] bool is_word(size_t at, Words words) const {
        return at < all_.size() && std::ranges::count(words, units_.text(all_[at])) > 0;
    }
    /// The text from the unit `at` on begins with one of these; returns the end of it in units.
    [[nodiscard]] size_t after(size_t at, Words texts) const {
        if (at >= all_.size()) return 0;
        const std::string_view rest = units_.text().substr(all_[at].begin);
        for (const std::string_view text : texts) {
            if (!rest.starts_with(text)) continue;
            const size_t end_byte = all_[at].begin + text.size();
            size_t end = at;
            while (end < all_.size() && all_[end].begin < end_byte) ++end;
            return end;
        }
        return 0;
    }
    [[nodiscard]] bool is_text(size_t at, Words texts) const { return after(at, texts) > 0; }
    /// What stands between the unit `at` and the one before it.
    [[nodiscard]] std::string_view gap(size_t at) const {
        const size_t begin = at == 0 ? 0 : all_[at - 1].end;
        const size_t end = at < all_.size() ? all_[at].begin : units_.text().size();
        return units_.text().substr(begin, end - begin);
    }
    /// One of these words is among the three before `at`.
    [[nodiscard]] bool is_preceded(size_t at, Words words) const {
        for (size_t back = 1; back <= std::min<size_t>(3, at); ++back) {
            if (is_word(at - back, words)) return true;
        }
        return false;
    }

    // ---- numbers --------------------------------------------------------------------------------

    [[nodiscard]] std::optional<Number> number_at(size_t at) const {
        if (at >= all_.size()) return std::nullopt;
        if (all_[at].script == Script::kHan) return kanji_number_at(at);
        if (all_[at].script != Script::kDigit || all_[at].letter_count > kDigitsMax)
            return std::nullopt;
        Number number{digits(at), at, at + 1};
        // 1,000 and 12,345,678
        while (number.end < all_.size() && gap(number.end) == "," &&
               all_[number.end].script == Script::kDigit && all_[number.end].letter_count == 3 &&
               number.value < 1'000'000) {
            number.value = number.value * 1000 + digits(number.end++);
        }
        // 9.99: the part behind the point does not matter here.
        if (number.end < all_.size() && gap(number.end) == "." &&
            all_[number.end].script == Script::kDigit) {
            ++number.end;
        }
        // 2千円, 1万円
        if (const size_t end = after(number.end, {"千", "万"}); end > 0) {
            number.value *= is_text(number.end, {"千"}) ? 1000 : 10000;
            number.end = end;
        }
        return number;
    }
    [[nodiscard]] int64_t digits(size_t at) const {
        int64_t value = 0;
        for (const char32_t c : units_.letters(all_[at])) {
            value = value * 10 + (c >= U'0' && c <= U'9' ? c - U'0' : 0);
        }
        return value;
    }
    /// 三, 十二, 二千五百; only where a counter follows, since kanji numerals are parts of words.
    [[nodiscard]] std::optional<Number> kanji_number_at(size_t at) const {
        static constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
        Number number{0, at, at};
        int64_t digit = -1;
        for (; number.end < all_.size() && number.end < at + kDigitsMax; ++number.end) {
            const char32_t c = units_.letters(all_[number.end])[0];
            const size_t value = kDigits.find(c);
            if (value != std::u32string_view::npos) {
                digit = static_cast<int64_t>(value);
                continue;
            }
            const int64_t power = c == U'十' ? 10 : c == U'百' ? 100 : c == U'千' ? 1000 : 0;
            if (power == 0) break;
            number.value += (digit < 0 ? 1 : digit) * power;
            digit = -1;
        }
        if (number.end == at || !is_text(number.end, {"円", "巻", "冊"})) return std::nullopt;
        number.value += std::max<int64_t>(digit, 0);
        return number;
    }
    /// Where the second number of a range begins, given the end of the first; 0: nowhere.
    [[nodiscard]] size_t after_dash(size_t end) const {
        if (end >= all_.size()) return 0;
        const std::string_view between = gap(end);
        const bool is_dash = between.find_first_of("-~") != std::string_view::npos ||
                             between.find("〜") != std::string_view::npos ||
                             between.find("–") != std::string_view::npos;
        if (is_dash) return end;
        if (is_word(end, {"to", "and", "through"})) return end + 1;
        return after(end, {"から", "ー"});  // a long vowel mark is what some keyboards give
    }
    [[nodiscard]] std::optional<Range> range_at(size_t at, Words counters) const {
        const auto first = number_at(at);
        if (!first) return std::nullopt;
        size_t end = first->end;
        if (const size_t counted = after(end, counters); counted > 0) end = counted;
        const size_t second_at = after_dash(end);
        const auto last = second_at > 0 ? number_at(second_at) : std::nullopt;
        if (!last || last->value < first->value) return Range{*first, *first};
        return Range{*first, *last};
    }
    [[nodiscard]] Bounds bounds_of(size_t begin, size_t end) const {
        const bool is_below =
            is_preceded(begin, {"under", "below", "less", "fewer", "cheaper", "max", "maximum",
                                "within", "most", "before", "until", "upto", "by"}) ||
            is_text(end, {"以下", "以内", "未満", "まで", "より安", "以前", "or less", "or under",
                          "or fewer", "or below", "max", "tops"}) ||
            (is_word(begin - 1, {"to"}) && is_word(begin - 2, {"up"}));
        const bool is_above = is_preceded(begin, {"over", "above", "more", "least", "from", "since",
                                                  "after", "min", "minimum"}) ||
                              is_text(end, {"以上", "以降", "超", "から", "より高", "or more",
                                            "or above", "and up", "and above"});
        // "no more than", "nothing over": the other way round.
        if (is_below != is_above && is_denied(begin))
            return {.is_low = is_below, .is_high = is_above};
        const bool is_strict = (is_preceded(begin, {"under", "below", "less", "fewer", "cheaper",
                                                    "over", "above", "more", "before", "after"}) &&
                                !is_preceded(begin, {"least", "most"})) ||
                               is_text(end, {"未満", "より安", "超", "より高", "より前", "より後"});
        return {.is_low = is_above && !is_below, .is_high = is_below, .is_strict = is_strict};
    }

    /// The word that sets the bound follows "no", "not" or "nothing".
    [[nodiscard]] bool is_denied(size_t at) const {
        for (size_t back = 1; back <= 3 && back < at; ++back) {
            if (is_word(at - back, {"more", "less", "over", "above", "under", "below", "fewer"}))
                return is_word(at - back - 1, {"no", "not", "nothing"});
        }
        return false;
    }

    // ---- meanings -------------------------------------------------------------------------------

    size_t read_at(size_t at) {
        // All of these begin with a number or with a volume's name; 第 is of the same script as 三.
        const bool is_number = all_[at].script == Script::kDigit || all_[at].script == Script::kHan;
        if (!is_number && !kVolumeNames.contains(units_.text(all_[at]))) return 0;
        if (const size_t end = read_isbn(at); end > 0) return end;
        if (const size_t end = read_price(at); end > 0) return end;
        if (const size_t end = read_volume(at); end > 0) return end;
        return read_year(at);
    }

    size_t add(EntityKind kind, size_t begin, size_t end, const Range& range,
               std::string_view value = {}) {
        Entity entity{.kind = kind,
                      .begin = static_cast<uint32_t>(begin),
                      .end = static_cast<uint32_t>(end),
                      .value = value};
        const Bounds bounds = range.is_single() ? bounds_of(begin, end) : Bounds{};
        if (!bounds.is_high) entity.low = range.first.value;
        if (!bounds.is_low) entity.high = range.last.value;
        entity.is_strict = bounds.is_strict && bounds.is_low != bounds.is_high;
        entities_.push_back(entity);
        return end;
    }

    size_t read_isbn(size_t at) {
        std::array<int, kIsbnDigits> isbn{};
        size_t count = 0;
        size_t end = at;
        for (; end < all_.size() && all_[end].script == Script::kDigit; ++end) {
            if (end > at && gap(end) != "-" && gap(end) != " ") break;
            if (count + all_[end].letter_count > kIsbnDigits) break;
            for (const char32_t c : units_.letters(all_[end]))
                isbn.at(count++) = static_cast<int>(c - U'0');
        }
        if (count != kIsbnDigits || isbn[0] != 9 || isbn[1] != 7) return 0;
        int sum = 0;  // ISO 2108: weights 1 and 3 in turn, a multiple of 10
        for (size_t i = 0; i < kIsbnDigits; ++i) sum += isbn.at(i) * (i % 2 == 0 ? 1 : 3);
        if (sum % 10 != 0) return 0;
        const size_t begin_byte = all_[at].begin;
        entities_.push_back(
            {.kind = EntityKind::kIsbn,
             .begin = static_cast<uint32_t>(at),
             .end = static_cast<uint32_t>(end),
             .value = units_.text().substr(begin_byte, all_[end - 1].end - begin_byte)});
        return end;
    }

    size_t read_price(size_t at) {
        const auto range = range_at(at, {"円", "yen"});
        if (!range) return 0;
        size_t end = range->last.end;
        const std::string_view before = gap(at);
        if (before.ends_with("¥")) return add(EntityKind::kPrice, at, end, *range, "JPY");
        if (before.ends_with("$")) return add(EntityKind::kPrice, at, end, *range, "USD");
        if (before.ends_with("€")) return add(EntityKind::kPrice, at, end, *range, "EUR");
        if (is_word(end, {"yen", "jpy"})) {
            return add(EntityKind::kPrice, at, end + 1, *range, "JPY");
        }
        if (const size_t yen = after(end, {"円"}); yen > 0) {
            return add(EntityKind::kPrice, at, yen, *range, "JPY");
        }
        if (is_word(end, {"dollar", "dollars", "bucks", "usd"})) {
            return add(EntityKind::kPrice, at, end + 1, *range, "USD");
        }
        return is_bare_price(at, *range) ? add(EntityKind::kPrice, at, end, *range, "JPY") : 0;
    }
    /// "under 1000", "1500以下": what else would a shop's customer count in hundreds?
    [[nodiscard]] bool is_bare_price(size_t at, const Range& range) const {
        constexpr int64_t kLeast = 100;
        const size_t end = range.last.end;
        if (!range.is_single() || range.first.value < kLeast) return false;
        const bool is_counted =
            is_word(end, {"page",  "pages", "people", "volume",  "volumes",  "vols",  "book",
                          "books", "year",  "years",  "chapter", "chapters", "point", "points",
                          "day",   "days",  "copies", "titles",  "series",   "words"}) ||
            is_text(end,
                    {"巻", "冊", "年", "月", "日", "人", "ページ", "話", "歳", "ポイント", "%"});
        const bool is_bound =
            (at > 0 && is_word(at - 1, {"under", "below", "than", "within", "max"})) ||
            (at > 1 && is_word(at - 1, {"to"}) && is_word(at - 2, {"up"})) ||
            (at > 1 && is_word(at - 1, {"most"}) && is_word(at - 2, {"at"})) ||
            is_text(end, {"以下", "未満", "以内"});
        return is_bound && !is_counted;
    }

    size_t read_volume(size_t at) {
        if (kVolumeNames.contains(units_.text(all_[at])) || is_text(at, {"第"})) {
            const auto range = range_at(at + 1, {"巻"});
            if (!range || is_year_like(range->first) || is_apart(at + 1)) return 0;
            const size_t counter = after(range->last.end, {"巻"});
            if (is_text(at, {"第"}) && counter == 0) return 0;
            return add_volumes(at, std::max(range->last.end, counter), *range);
        }
        const auto range = range_at(at, {"巻"});
        if (!range) return 0;
        if (const size_t end = after(range->last.end, {"巻"}); end > 0) {
            const bool is_count =
                (at > 0 && is_text(at - 1, {"全"})) ||
                is_text(end, {"以内", "以下", "未満", "以上", "くらい", "完結", "ぐらい", "程度"});
            return is_count ? add(EntityKind::kVolumeCount, at, end, *range)
                            : add_volumes(at, end, *range);
        }
        if (const size_t end = after(range->last.end, {"冊"}); end > 0) {
            return add(EntityKind::kVolumeCount, at, end, *range);
        }
        // "Box Set 1, Vols. 1-23" counts no volumes.
        if (!gap(range->last.end).contains(',') &&
            is_word(range->last.end, {"volume", "volumes", "vols", "books"})) {
            return add(EntityKind::kVolumeCount, at, range->last.end + 1, *range);
        }
        if (is_word(range->last.end, {"st", "nd", "rd", "th"}) &&
            is_word(range->last.end + 1, {"volume", "vol", "book"})) {
            return add_volumes(at, range->last.end + 2, *range);
        }
        return 0;
    }
    /// "The first volume, 616 yen", "(in one volume): 4400 yen": the number is of something else.
    [[nodiscard]] bool is_apart(size_t at) const {
        return gap(at).find_first_of(",;()[]") != std::string_view::npos;
    }
    /// "from volume 5" is as open as "since 2010"; a single volume is just that.
    size_t add_volumes(size_t begin, size_t end, const Range& range) {
        return add(EntityKind::kVolume, begin, end, range);
    }

    [[nodiscard]] static bool is_year_like(const Number& number) {
        constexpr int64_t kFirst = 1940;
        constexpr int64_t kLast = 2099;
        return number.value >= kFirst && number.value <= kLast;
    }
    size_t read_year(size_t at) {
        const auto range = range_at(at, {"年"});
        if (!range || !is_year_like(range->first) || !is_year_like(range->last)) return 0;
        const bool is_plain = all_[at].letter_count == 4;
        if (!is_plain) return 0;
        const size_t end = std::max(range->last.end, after(range->last.end, {"年"}));
        return add(EntityKind::kYear, at, end, *range);
    }

    const text::Units& units_;
    std::span<const Unit> all_;
    std::vector<Entity>& entities_;
    size_t taken_;  // so many of the entities were there before
};

}  // namespace

void find_number_patterns(const text::Units& units, std::vector<Entity>& entities) {
    Scanner(units, entities).run();
}

}  // namespace hayate::understand
