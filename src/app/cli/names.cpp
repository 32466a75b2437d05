#include "app/cli/names.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/text/tokens.hpp"
#include "engine/turn/describe.hpp"
#include "io/store/import/folder.hpp"

namespace hayate::cli {
namespace {

using understand::EntityKind;
using understand::EntityName;

// A title of one word that so many other texts use as well is an ordinary word.
constexpr size_t kCommonTextsMin = 3;
/// How many of the catalog's and the FAQ's texts have a word.
class WordCounts {
  public:
    void add(std::string_view text) {
        std::vector<std::string> words = text::search_tokens(text);
        std::ranges::sort(words);
        words.erase(std::ranges::unique(words).begin(), words.end());
        for (std::string& word : words) ++counts_[std::move(word)];
    }
    /// A name of several words is no ordinary word.
    [[nodiscard]] bool is_common(std::string_view name) const {
        const std::vector<text::Run> runs = text::runs_of(name);
        if (runs.size() != 1 || runs[0].kind != text::Run::Kind::kWord) return false;
        const auto found = counts_.find(runs[0].folded);
        return found != counts_.end() && found->second >= kCommonTextsMin;
    }

  private:
    std::map<std::string, size_t> counts_;
};

/// "Kaguya-sama: Love Is War" is called by what stands before the colon.
std::string main_title(const std::string& title) {
    constexpr size_t kShortest = 5;
    const size_t colon = title.find(": ");
    return colon == std::string::npos || colon < kShortest ? std::string() : title.substr(0, colon);
}

/// What the vocabulary's keys are: the catalog says it by using them.
std::map<std::string, EntityKind> kinds_of_keys(const store::Catalog& catalog) {
    std::map<std::string, EntityKind> kinds;
    for (const store::Series& series : catalog.series) {
        for (const std::string& genre : series.genres) kinds[genre] = EntityKind::kGenre;
        kinds[series.demographic] = EntityKind::kAudience;
        kinds[series.status] = EntityKind::kState;
    }
    for (const store::Product& product : catalog.products) {
        // An ordinary volume is what everything is: its words say nothing.
        if (product.kind != "volume") kinds[product.kind] = EntityKind::kFormat;
        kinds[product.language] = EntityKind::kLanguage;
    }
    return kinds;
}

/// "Oda Eiichiro" for "Eiichiro Oda"; empty for names that are not of two words.
std::string family_name_first(const std::string& name) {
    const size_t blank = name.find(' ');
    if (blank == std::string::npos || name.find(' ', blank + 1) != std::string::npos) return {};
    return name.substr(blank + 1) + " " + name.substr(0, blank);
}

void add_series(const store::Series& series, const WordCounts& counts,
                std::vector<EntityName>& names) {
    std::vector<std::string> titles = series.aliases;
    titles.insert(titles.end(),
                  {series.title.en, series.title.ja, series.romaji, main_title(series.title.en)});
    for (const std::string& title : titles) {
        names.push_back({EntityKind::kTitle, series.id, title, !counts.is_common(title)});
    }
    for (const store::LocalText& author : series.authors) {
        const std::string& value = author.in("en");
        names.push_back({EntityKind::kPerson, value, author.en});
        names.push_back({EntityKind::kPerson, value, family_name_first(author.en)});
        names.push_back({EntityKind::kPerson, value, author.ja});
    }
}

template <class T>
void take(std::optional<store::Loaded<T>>& loaded, std::vector<T>& values) {
    if (loaded) values = std::move(loaded->values);
}

Result<store::Catalog> read_catalog_of(const std::string& folder) {
    store::Problems problems;
    auto data = store::read_folder(folder, turn::shop_today(), problems);
    if (!data) return fail(data.error());
    store::Catalog catalog;
    take(data->series, catalog.series);
    take(data->products, catalog.products);
    take(data->faq, catalog.faq);
    take(data->words, catalog.words);
    return catalog;
}

}  // namespace

std::vector<EntityName> names_of(const store::Catalog& catalog) {
    WordCounts counts;
    for (const store::Series& series : catalog.series)
        counts.add(series.title.en + " " + series.description.en);
    for (const store::FaqEntry& faq : catalog.faq)
        counts.add(faq.question.en + " " + faq.answer.en);
    std::vector<EntityName> names;
    for (const store::Series& series : catalog.series) add_series(series, counts, names);
    const auto kinds = kinds_of_keys(catalog);
    for (const auto& [key, kind] : kinds) names.push_back({kind, key, key});
    for (const store::WordEntry& entry : catalog.words) {
        const auto kind = kinds.find(entry.key);
        if (kind == kinds.end()) continue;
        for (const std::string& word : entry.words)
            names.push_back({kind->second, entry.key, word});
    }
    return names;
}

Result<std::vector<EntityName>> load_names(const std::string& folder) {
    const auto catalog = read_catalog_of(folder);
    if (!catalog) return fail(catalog.error());
    return names_of(*catalog);
}

Result<std::vector<EntityName>> served_names(store::Catalog served, const std::string& folder) {
    auto added = read_catalog_of(folder);
    if (!added) return fail(added.error());
    std::unordered_map<std::string, const store::Series*> by_id;
    for (const store::Series& series : added->series) by_id[series.id] = &series;
    for (store::Series& series : served.series) {
        const auto found = by_id.find(series.id);
        if (found == by_id.end()) continue;
        for (const std::string& alias : found->second->aliases) {
            if (std::ranges::count(series.aliases, alias) == 0) series.aliases.push_back(alias);
        }
    }
    std::ranges::move(added->words, std::back_inserter(served.words));
    return names_of(served);
}

}  // namespace hayate::cli
