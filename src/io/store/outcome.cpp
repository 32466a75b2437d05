#include "io/store/outcome.hpp"

#include <array>
#include <utility>

namespace hayate::store {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 10> kVerdicts{{
    {Verdict::kApproved, "approved"},
    {Verdict::kEscalated, "escalated"},
    {Verdict::kCorrected, "corrected"},
    {Verdict::kDegraded, "degraded"},
    {Verdict::kUnchecked, "unchecked"},
    {Verdict::kPrepared, "prepared"},
    {Verdict::kAskedBack, "asked_back"},
    {Verdict::kStopped, "stopped"},
    {Verdict::kFailed, "failed"},
    {Verdict::kUnknown, "unknown"},
}};

}  // namespace

std::string_view name_of(Verdict verdict) {
    return kVerdicts.at(static_cast<size_t>(verdict)).second;
}

std::optional<Verdict> verdict_of(std::string_view name) {
    for (const auto& [verdict, text] : kVerdicts) {
        if (text == name) return verdict;
    }
    return std::nullopt;
}

}  // namespace hayate::store
