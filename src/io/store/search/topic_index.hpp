#pragma once
// TopicIndex: the series of the genres and the audience that a question names ("少年漫画", "a funny
// school romance"). Immutable, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/store/search/name_index.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

class TopicIndex {
  public:
    struct Match {
        uint32_t series = 0;  // its place in `all`
        int topics = 0;       // how many of those named it has
    };

    /// A topic is found by its key and by the vocabulary's words for it.
    TopicIndex(const std::vector<Series>& all, const Vocabulary& vocabulary);

    /// Every series that has one of the topics named, in the order of `all`.
    [[nodiscard]] std::vector<Match> find(std::string_view question) const;

  private:
    std::unordered_map<std::string, std::vector<uint32_t>> series_of_;  // by topic
    size_t series_count_;
    NameIndex names_;
};

}  // namespace hayate::store
