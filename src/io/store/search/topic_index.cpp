#include "io/store/search/topic_index.hpp"

#include <sstream>

namespace hayate::store {
namespace {

using SeriesOfTopic = std::unordered_map<std::string, std::vector<std::string>>;

SeriesOfTopic group(const std::vector<Series>& all) {
    SeriesOfTopic groups;
    for (const Series& series : all) {
        for (const std::string& genre : series.genres) groups[genre].push_back(series.id);
        groups[series.demographic].push_back(series.id);
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
    : series_of_(group(all)), names_(names_of(series_of_, vocabulary)) {}

std::vector<TopicIndex::Match> TopicIndex::find(std::string_view question) const {
    std::unordered_map<std::string, size_t> counts;
    for (const NameIndex::Found& topic : names_.find(question)) {
        for (const std::string& series : series_of_.at(topic.doc)) ++counts[series];
    }
    std::vector<Match> matches;
    matches.reserve(counts.size());
    for (const auto& [series, topics] : counts) matches.push_back({series, topics});
    return matches;
}

}  // namespace hayate::store
