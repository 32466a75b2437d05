#include "engine/understand/evaluation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hayate::understand {
namespace {

constexpr size_t kBins = 15;

double share(size_t part, size_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double macro_f1(const std::vector<Judged>& judged, size_t labels) {
    struct Counts {
        size_t right = 0;
        size_t truths = 0;
        size_t predictions = 0;
    };
    std::vector<Counts> counts(labels);
    for (const Judged& one : judged) {
        if (!one.truth) continue;
        ++counts[*one.truth].truths;
        ++counts[one.predicted].predictions;
        if (*one.truth == one.predicted) ++counts[one.predicted].right;
    }
    double sum = 0;
    size_t present = 0;
    for (const Counts& of : counts) {
        if (of.truths == 0) continue;  // not in this test: nothing is known about it
        ++present;
        sum += 2 * share(of.right, of.truths + of.predictions);
    }
    return present == 0 ? 0 : sum / static_cast<double>(present);
}

double calibration_error(const std::vector<Judged>& judged) {
    struct Bin {
        double probability = 0;
        size_t right = 0;
        size_t count = 0;
    };
    std::array<Bin, kBins> bins{};
    size_t total = 0;
    for (const Judged& one : judged) {
        if (!one.truth) continue;
        const auto at = static_cast<size_t>(one.probability * static_cast<float>(kBins));
        Bin& bin = bins.at(std::min(at, kBins - 1));
        bin.probability += one.probability;
        bin.right += *one.truth == one.predicted ? 1 : 0;
        ++bin.count;
        ++total;
    }
    double error = 0;
    for (const Bin& bin : bins) {
        if (bin.count > 0) error += std::abs(bin.probability - static_cast<double>(bin.right));
    }
    return total == 0 ? 0 : error / static_cast<double>(total);
}

std::vector<Evaluation::Confusion> confusions(const std::vector<Judged>& judged) {
    std::map<std::pair<uint32_t, uint32_t>, size_t> pairs;
    for (const Judged& one : judged) {
        if (one.truth && *one.truth != one.predicted) ++pairs[{*one.truth, one.predicted}];
    }
    std::vector<Evaluation::Confusion> all;
    for (const auto& [pair, count] : pairs) all.push_back({pair.first, pair.second, count});
    std::ranges::sort(all, [](const auto& a, const auto& b) { return a.count > b.count; });
    return all;
}

void count_in_scope(const std::vector<Judged>& judged, Evaluation& result) {
    size_t right = 0;
    size_t covered = 0;
    size_t labels_in_sets = 0;
    size_t singletons = 0;
    size_t right_singletons = 0;
    size_t kept = 0;
    std::map<std::string, std::pair<size_t, size_t>> languages;  // right, all
    for (const Judged& one : judged) {
        if (!one.truth) continue;
        const bool is_right = *one.truth == one.predicted;
        auto& [right_in, all_in] = languages[one.language];
        right_in += is_right ? 1 : 0;
        ++all_in;
        right += is_right ? 1 : 0;
        covered += one.is_in_set ? 1 : 0;
        labels_in_sets += one.set_size;
        singletons += one.set_size == 1 ? 1 : 0;
        right_singletons += one.set_size == 1 && one.is_in_set ? 1 : 0;
        kept += one.is_in_scope ? 1 : 0;
        ++result.in_scope;
    }
    result.accuracy = share(right, result.in_scope);
    result.coverage = share(covered, result.in_scope);
    result.set_size = share(labels_in_sets, result.in_scope);
    result.singletons = share(singletons, result.in_scope);
    result.accuracy_of_singletons = share(right_singletons, singletons);
    result.in_scope_kept = share(kept, result.in_scope);
    for (const auto& [language, of] : languages)
        result.by_language[language] = share(of.first, of.second);
}

}  // namespace

std::optional<double> area_under_roc(const std::vector<float>& high,
                                     const std::vector<float>& low) {
    if (high.empty() || low.empty()) return std::nullopt;
    std::vector<float> sorted = low;
    std::ranges::sort(sorted);
    double wins = 0;
    for (const float value : high) {
        const auto equal = std::ranges::equal_range(sorted, value);
        wins += static_cast<double>(equal.begin() - sorted.begin()) +
                static_cast<double>(equal.size()) / 2;
    }
    return wins / (static_cast<double>(high.size()) * static_cast<double>(low.size()));
}

Evaluation evaluate(const std::vector<Judged>& judged, size_t labels) {
    Evaluation result;
    count_in_scope(judged, result);
    result.macro_f1 = macro_f1(judged, labels);
    result.calibration_error = calibration_error(judged);
    result.confusions = confusions(judged);
    std::vector<float> in_scope;
    std::vector<float> out_of_scope;
    size_t found = 0;
    for (const Judged& one : judged) {
        (one.truth ? in_scope : out_of_scope).push_back(one.margin);
        found += !one.truth && !one.is_in_scope ? 1 : 0;
    }
    result.out_of_scope = out_of_scope.size();
    result.out_of_scope_found = share(found, out_of_scope.size());
    result.auroc = area_under_roc(in_scope, out_of_scope);
    return result;
}

}  // namespace hayate::understand
