#include "io/store/search/name_index.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/text/tokens.hpp"

namespace hayate::store {
namespace {

constexpr size_t kQuestionBytesMax = 1200;  // names further on are not found

text::NameFinder make_finder(const std::vector<NameIndex::Name>& names) {
    std::vector<text::NameFinder::Name> all;
    all.reserve(names.size());
    for (const NameIndex::Name& name : names) {
        all.push_back({name.name, static_cast<uint32_t>(all.size())});
    }
    return text::NameFinder(all);
}

}  // namespace

NameIndex::NameIndex(std::vector<Name> names)
    : names_(std::move(names)), finder_(make_finder(names_)) {}

std::vector<NameIndex::Found> NameIndex::find(std::string_view question) const {
    text::Units units;
    units.read(question, kQuestionBytesMax);
    std::vector<text::NameFinder::Match> matches;
    finder_.find(units, matches);
    std::vector<Found> found;
    std::unordered_set<std::string_view> seen;
    for (const text::NameFinder::Match& match : matches) {
        // Several documents may share a name; it is worth what the least certain of them makes it.
        Kind kind = Kind::kTitle;
        for (const uint32_t index : match.values) kind = std::max(kind, names_[index].kind);
        for (const uint32_t index : match.values) {
            const std::string& doc = names_[index].doc;
            if (seen.insert(doc).second)
                found.push_back({doc, kind, match.begin, match.end - match.begin});
        }
    }
    return found;
}

std::string NameIndex::single_word(std::string_view name) {
    const std::vector<text::Run> runs = text::runs_of(name);
    return runs.size() == 1 && runs[0].kind == text::Run::Kind::kWord ? runs[0].folded
                                                                      : std::string();
}

}  // namespace hayate::store
