#pragma once
// Counters, gauges and histograms. A metric is a family (name, help, label names) with one cell per
// set of label values. Cells are looked up once and kept; adding to a cell is one relaxed atomic
// operation, from any thread.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::observe {

/// kSeconds: a counter of time, of microseconds in its cells and of seconds where it is read.
enum class MetricKind : uint8_t { kCounter, kSeconds, kGauge, kHistogram };

/// Upper bounds in seconds for everything that is a latency: 1 ms to 30 s.
inline constexpr std::array<double, 14> kLatencyBounds{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2,
                                                       0.4,   0.8,   1.5,  3.0,   6.0,  12., 30.};

/// One series. A counter uses `value`, a gauge too, a histogram the buckets, `value` as count and
/// `sum_micros`.
struct Cell {
    std::atomic<int64_t> value{0};
    std::atomic<int64_t> sum_micros{0};
    std::array<std::atomic<int64_t>, kLatencyBounds.size()> buckets{};

    void add(int64_t amount = 1) { value.fetch_add(amount, std::memory_order_relaxed); }
    void set(int64_t amount) { value.store(amount, std::memory_order_relaxed); }
    void observe_seconds(double seconds);
};

class Family {
  public:
    Family(MetricKind kind, std::string name, std::string help, std::vector<std::string> labels);

    /// The cell of these label values, made at the first call. The reference stays good for ever. A
    /// family holds at most 1,000 cells; further label values share one cell named "other", so that
    /// input cannot fill the memory.
    Cell& at(std::initializer_list<std::string_view> values = {});

    [[nodiscard]] MetricKind kind() const { return kind_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& help() const { return help_; }
    struct Series {
        std::vector<std::pair<std::string, std::string>> labels;
        const Cell* cell;
    };
    [[nodiscard]] std::vector<Series> series() const;

  private:
    MetricKind kind_;
    std::string name_;
    std::string help_;
    std::vector<std::string> labels_;
    mutable std::mutex mutex_;
    struct Before {  // compares label values without copying them
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const {
            return std::ranges::lexicographical_compare(a, b);
        }
    };
    std::map<std::vector<std::string>, std::unique_ptr<Cell>, Before> cells_;  // guarded by mutex_
};

class Metrics {
  public:
    Family& counter(std::string name, std::string help, std::vector<std::string> labels = {});
    Family& seconds(std::string name, std::string help, std::vector<std::string> labels = {});
    Family& gauge(std::string name, std::string help, std::vector<std::string> labels = {});
    Family& histogram(std::string name, std::string help, std::vector<std::string> labels = {});
    /// In the order of registration. Families are registered at start, before any thread reads.
    [[nodiscard]] const std::deque<Family>& families() const { return families_; }

  private:
    std::deque<Family> families_;
};

}  // namespace hayate::observe
