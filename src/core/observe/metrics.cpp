#include "core/observe/metrics.hpp"

#include <utility>

namespace hayate::observe {
namespace {

constexpr size_t kCellsMax = 1000;

}  // namespace

void Cell::observe_seconds(double seconds) {
    add();
    sum_micros.fetch_add(static_cast<int64_t>(seconds * 1e6), std::memory_order_relaxed);
    for (size_t i = 0; i < kLatencyBounds.size(); ++i) {
        if (seconds <= kLatencyBounds[i]) {
            buckets[i].fetch_add(1, std::memory_order_relaxed);
            return;
        }
    }
}

Family::Family(MetricKind kind, std::string name, std::string help, std::vector<std::string> labels)
    : kind_(kind), name_(std::move(name)), help_(std::move(help)), labels_(std::move(labels)) {}

Cell& Family::at(std::initializer_list<std::string_view> values) {
    const std::lock_guard lock(mutex_);
    const auto found = cells_.find(values);
    if (found != cells_.end()) return *found->second;
    std::vector<std::string> key(values.begin(), values.end());
    key.resize(labels_.size());
    if (cells_.size() >= kCellsMax) key.assign(labels_.size(), "other");
    auto& cell = cells_[key];
    if (!cell) cell = std::make_unique<Cell>();
    return *cell;
}

std::vector<Family::Series> Family::series() const {
    std::vector<Series> all;
    const std::lock_guard lock(mutex_);
    for (const auto& [values, cell] : cells_) {
        Series& series = all.emplace_back(Series{{}, cell.get()});
        for (size_t i = 0; i < labels_.size(); ++i)
            series.labels.emplace_back(labels_[i], values[i]);
    }
    return all;
}

Family& Metrics::counter(std::string name, std::string help, std::vector<std::string> labels) {
    return families_.emplace_back(MetricKind::kCounter, std::move(name), std::move(help),
                                  std::move(labels));
}

Family& Metrics::seconds(std::string name, std::string help, std::vector<std::string> labels) {
    return families_.emplace_back(MetricKind::kSeconds, std::move(name), std::move(help),
                                  std::move(labels));
}

Family& Metrics::gauge(std::string name, std::string help, std::vector<std::string> labels) {
    return families_.emplace_back(MetricKind::kGauge, std::move(name), std::move(help),
                                  std::move(labels));
}

Family& Metrics::histogram(std::string name, std::string help, std::vector<std::string> labels) {
    return families_.emplace_back(MetricKind::kHistogram, std::move(name), std::move(help),
                                  std::move(labels));
}

}  // namespace hayate::observe
