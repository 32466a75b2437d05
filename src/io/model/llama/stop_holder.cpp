#include "io/model/llama/stop_holder.hpp"

#include <algorithm>
#include <utility>

namespace hayate::model::llama {

StopHolder::StopHolder(std::vector<std::string> stops) : stops_(std::move(stops)) {
    std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::string StopHolder::push(std::string_view bytes) {
    if (has_stopped_) return {};
    held_ += bytes;
    size_t out = first_stop();
    has_stopped_ = out != std::string::npos;
    if (!has_stopped_) out = held_.size() - tail_that_may_be_a_stop();
    std::string released = held_.substr(0, out);
    held_.erase(0, has_stopped_ ? held_.size() : out);
    return released;
}

std::string StopHolder::finish() { return std::exchange(held_, {}); }

size_t StopHolder::first_stop() const {
    size_t first = std::string::npos;
    for (const std::string& stop : stops_) first = std::min(first, held_.find(stop));
    return first;
}

size_t StopHolder::tail_that_may_be_a_stop() const {
    size_t longest = 0;
    for (const std::string& stop : stops_) {
        for (size_t n = std::min(stop.size() - 1, held_.size()); n > longest; --n) {
            if (held_.ends_with(std::string_view(stop).substr(0, n))) longest = n;
        }
    }
    return longest;
}

}  // namespace hayate::model::llama
