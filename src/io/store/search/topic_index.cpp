#include "io/store/search/topic_index.hpp"

#include <sstream>

namespace hayate::store {
namespace {

using SeriesOfTopic = std::unordered_map<std::string, std::vector<uint32_t>>;

SeriesOfTopic group(const std::vector<Series>& all) {
    SeriesOfTopic groups;
    for (uint32_t i = 0; i < all.size(); ++i) {
        for (const std::string& genre : all[i].genres) groups[genre].push_back(i);
        groups[all[i].demographic].push_back(i);
    }
    return groups;
}

std::vector<NameIndex::Name> names_of(const SeriesOfTopic& topics, const Vocabulary& vocabulary) {
    std::vector<NameIndex::Name> names;
    for (const auto& [topic, series] : topics) {
        names.push_back({topic, topic});
        const auto words = vocabulary.find(topic);
        if (words == vocabulary.end()) continue;
        std::istringstream lines(words->second);
        for (std::string word; std::getline(lines, word);) names.push_back({topic, word});
    }
    return names;
}

}  // namespace

TopicIndex::TopicIndex(const std::vector<Series>& all, const Vocabulary& vocabulary)
    : series_of_(group(all)), series_count_(all.size()), names_(names_of(series_of_, vocabulary)) {}

std::vector<TopicIndex::Match> TopicIndex::find(std::string_view question) const {
    std::vector<int> counts(series_count_);
    for (const NameIndex::Found& topic : names_.find(question)) {
        for (const uint32_t series : series_of_.at(topic.doc)) ++counts[series];
    }
    std::vector<Match> matches;
    for (uint32_t series = 0; series < counts.size(); ++series) {
        if (counts[series] > 0) matches.push_back({series, counts[series]});
    }
    return matches;
}

}  // namespace hayate::store
