#pragma once
// Feedback: what customers say of answers, on its way to the store and to the route's memory.

#include <map>
#include <mutex>
#include <string>

#include "core/base/deadline.hpp"
#include "core/observe/metrics.hpp"
#include "engine/route/route.hpp"
#include "io/store/stores.hpp"

namespace hayate::turn {

/// How often each owner may do something: a number of times in a minute that is the same for all.
/// Thread-safe.
class OwnerRate {
  public:
    explicit OwnerRate(int per_minute) : per_minute_(per_minute) {}
    [[nodiscard]] bool take(const store::Owner& owner, TimePoint now = base::Clock::now());

  private:
    const int per_minute_;
    std::mutex mutex_;
    TimePoint minute_{};                                         // guarded by mutex_
    std::map<std::pair<std::string, std::string>, int> counts_;  // guarded by mutex_
};

/// Thread-safe.
class Feedback {
  public:
    /// All are outlived.
    Feedback(store::OutcomeStore& outcomes, const route::Router& router, observe::Metrics& metrics);

    /// The last thumb wins; given again it changes nothing. Errors as OutcomeStore::set_thumb, and
    /// kRateLimited beyond 60 a minute and owner. Where the caller gave up on a thumb that was
    /// stored all the same, the route learns it at the next start.
    Task<Status> give(store::Owner owner, std::string response_id, store::Thumb thumb,
                      store::Wait wait);

  private:
    store::OutcomeStore& outcomes_;
    const route::Router& router_;
    observe::Family& counted_;
    OwnerRate rate_;
};

}  // namespace hayate::turn
