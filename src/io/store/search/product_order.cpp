#include "io/store/search/product_order.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <tuple>
#include <unordered_set>

#include "core/text/language.hpp"
#include "core/text/tokens.hpp"

namespace hayate::store {
namespace {

using Tokens = std::unordered_set<std::string>;
using text::Run;

constexpr int kVolumeMax = 300;

Tokens token_set(std::string_view text) {
    auto tokens = text::search_tokens(text);
    return {std::make_move_iterator(tokens.begin()), std::make_move_iterator(tokens.end())};
}

std::string_view words_of(const Vocabulary& vocabulary, const std::string& key) {
    const auto found = vocabulary.find(key);
    return found == vocabulary.end() ? std::string_view() : found->second;
}

bool is_volume_word(const Run& run) {
    static constexpr std::array<std::string_view, 8> kWords{"vol",  "volume", "v",      "no",
                                                            "book", "第",     "number", "巻"};
    return std::ranges::find(kWords, run.folded) != kWords.end() || run.folded.ends_with("第");
}

bool is_other_unit(const Run& run) {
    static constexpr std::array<std::string_view, 10> kWords{"yen",  "円", "jpy", "dollar", "usd",
                                                             "year", "年", "歳",  "月",     "日"};
    return std::ranges::any_of(kWords,
                               [&](std::string_view word) { return run.folded.starts_with(word); });
}

/// How well a product fits; smaller is better, compared from the first field on.
using Fit = std::tuple<int, int, bool, int, bool, std::string_view>;

class Judge {
  public:
    Judge(std::string_view question, const Vocabulary& vocabulary)
        : vocabulary_(vocabulary),
          question_(token_set(question)),
          volumes_(volumes_named(question)),
          language_(text::reply_language(question)) {}

    [[nodiscard]] Fit fit(const Product& product) const {
        const int first = product.volume    ? *product.volume
                          : product.volumes ? product.volumes->first
                                            : std::numeric_limits<int>::max();
        return {distance_to_volume(product), -edition_words(product),
                !is_in_language(product),    first,
                !product.volume.has_value(), product.sku};
    }
    /// A language that is named counts for more than the language of the question.
    void learn_languages(const std::vector<Product>& products) {
        for (const Product& product : products) {
            if (count_common(words_of(vocabulary_, product.language)) > 0)
                named_.insert(product.language);
        }
    }

  private:
    [[nodiscard]] int count_common(std::string_view words) const {
        const Tokens tokens = token_set(words);
        return static_cast<int>(std::ranges::count_if(
            tokens, [&](const std::string& t) { return question_.contains(t); }));
    }
    /// 0: the volume that was named; 1: a set that holds it; 2: neither.
    [[nodiscard]] int distance_to_volume(const Product& product) const {
        const auto is_exact = [&](int volume) { return product.volume == volume; };
        const auto is_inside = [&](int volume) {
            return product.volumes && product.volumes->first <= volume &&
                   volume <= product.volumes->second;
        };
        if (std::ranges::any_of(volumes_, is_exact)) return 0;
        return std::ranges::any_of(volumes_, is_inside) ? 1 : 2;
    }
    [[nodiscard]] int edition_words(const Product& product) const {
        std::string words = product.edition.en + " " + product.edition.ja + " ";
        words += words_of(vocabulary_, product.kind);
        return count_common(words);
    }
    [[nodiscard]] bool is_in_language(const Product& product) const {
        return named_.empty() ? product.language == language_ : named_.contains(product.language);
    }

    const Vocabulary& vocabulary_;
    Tokens question_;
    std::vector<int> volumes_;
    std::string_view language_;
    Tokens named_;
};

}  // namespace

std::vector<int> volumes_named(std::string_view question) {
    std::vector<int> marked;
    std::vector<int> bare;
    const std::vector<Run> runs = text::runs_of(question);
    for (size_t i = 0; i < runs.size(); ++i) {
        int number = 0;
        const std::string& digits = runs[i].folded;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        const bool is_number = runs[i].kind == Run::Kind::kNumber && parsed.ec == std::errc();
        if (!is_number || number < 1 || number > kVolumeMax) continue;
        const Run* next = i + 1 < runs.size() ? &runs[i + 1] : nullptr;
        if (next != nullptr && is_other_unit(*next)) continue;
        const bool is_marked = (i > 0 && is_volume_word(runs[i - 1])) ||
                               (next != nullptr && next->folded.starts_with("巻"));
        (is_marked ? marked : bare).push_back(number);
    }
    return marked.empty() ? bare : marked;
}

std::vector<Product> best_products(std::vector<Product> products, std::string_view question,
                                   const Vocabulary& vocabulary, size_t count) {
    Judge judge(question, vocabulary);
    judge.learn_languages(products);
    std::vector<std::pair<Fit, size_t>> order;
    order.reserve(products.size());
    for (size_t i = 0; i < products.size(); ++i) order.emplace_back(judge.fit(products[i]), i);
    std::ranges::sort(order);
    std::vector<Product> best;
    for (size_t i = 0; i < std::min(count, order.size()); ++i) {
        best.push_back(products[order[i].second]);
    }
    return best;
}

}  // namespace hayate::store
