#include "app/cli/names.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/text/tokens.hpp"
#include "core/text/units.hpp"
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

/// What comparing names by whole words and Japanese characters takes for one.
std::string folded(std::string_view name) {
    std::string all;
    for (const text::Run& run : text::runs_of(name)) all += run.folded + " ";
    return all;
}

/// "Urasawa" of "Naoki Urasawa"; empty when it may as well be an ordinary word: it is short, or the
/// name is not written as Japanese names are (モンキー・パンチ).
std::string family_name_en(const store::LocalText& author) {
    constexpr size_t kShortest = 5;
    text::Units units;
    units.read(author.ja);
    const bool is_japanese = std::ranges::any_of(units.all(), [](const text::Unit& unit) {
        return unit.script == text::Script::kHan || unit.script == text::Script::kHiragana;
    });
    const size_t blank = author.en.find(' ');
    if (!is_japanese || blank == std::string::npos) return {};
    std::string family = author.en.substr(blank + 1);
    const bool is_one_word = family.find(' ') == std::string::npos;
    return is_one_word && family.size() >= kShortest ? family : std::string();
}

/// 浦沢 of 浦沢直樹, 石田 of 石田スイ; empty where the name does not show where it ends.
std::string family_name_ja(const std::string& author) {
    text::Units units;
    units.read(author);
    const auto all = units.all();
    const auto is_han = [](const text::Unit& unit) { return unit.script == text::Script::kHan; };
    const auto is_kana = [](const text::Unit& unit) {
        return unit.script == text::Script::kHiragana || unit.script == text::Script::kKatakana;
    };
    const auto end = std::ranges::find_if_not(all, is_han);
    auto count = static_cast<size_t>(end - all.begin());
    if (count == 4 && end == all.end())
        count = 2;
    else if (end == all.end() || !std::all_of(end, all.end(), is_kana))
        return {};
    if (count < 2) return {};
    return std::string(units.text().substr(0, all[count - 1].end));
}

/// Family names that one author alone has, and that are no other name. People say them, but so are
/// places called: they are not certain.
class FamilyNames {
  public:
    explicit FamilyNames(const std::vector<store::Series>& all) {
        for (const store::Series& series : all) {
            for (const store::LocalText& author : series.authors)
                authors_.emplace(author.in("en"), author);
        }
    }
    void add(std::vector<EntityName>& names) const {
        std::set<std::string> taken;
        for (const EntityName& name : names) taken.insert(folded(name.text));
        for (const auto& [value, author] : authors_) {
            const std::string en = family_name_en(author);
            const std::string ja = family_name_ja(author.ja);
            const auto ends_alike = [&](const auto& other) {
                return (" " + folded(other.second.en)).ends_with(" " + folded(en));
            };
            const auto begins_alike = [&](const auto& other) {
                return other.second.ja.starts_with(ja);
            };
            if (!en.empty() && std::ranges::count_if(authors_, ends_alike) == 1 &&
                !taken.contains(folded(en)))
                names.push_back({EntityKind::kPerson, value, en, false});
            if (!ja.empty() && std::ranges::count_if(authors_, begins_alike) == 1 &&
                !taken.contains(folded(ja)))
                names.push_back({EntityKind::kPerson, value, ja, false});
        }
    }

  private:
    std::map<std::string, store::LocalText> authors_;  // by value
};

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
    FamilyNames(catalog.series).add(names);
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
