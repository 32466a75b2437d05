#pragma once
// Ledger: what the model calls have cost, in whole micro-dollars, by day, tenant, intent and model;
// and the daily budgets. Every call is charged once, whoever made it and however it ended.
//
// A turn is admitted before it spends: what it is expected to cost is reserved at once, so that
// hundreds of turns that begin together cannot all find the same last cent. A turn is admitted
// while spent and reserved money together are below the budget, so the budget is overshot by one
// turn at most, and by what turns cost beyond what was reserved for them.
//
// Thread-safe: one mutex, taken three times a turn for a few microseconds. Days are UTC.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/deadline.hpp"
#include "io/model/model.hpp"
#include "io/store/cost_row.hpp"

namespace hayate::route {

using LedgerRow = store::CostRow;

/// What happens when a budget is used up. kFastOnly goes on spending, less.
enum class OverBudget : uint8_t { kRefuse, kFastOnly, kPreparedOnly };
[[nodiscard]] std::string_view name_of(OverBudget policy);

/// Micro-dollars a day; empty: no limit.
struct Budgets {
    std::optional<int64_t> server_micros;
    std::optional<int64_t> tenant_micros;  // of each tenant without one of its own
    std::map<std::string, int64_t> tenants;
    OverBudget when_over = OverBudget::kRefuse;
};

class Ledger;

/// Money set aside for one turn; returned when it dies.
class Reservation {
  public:
    Reservation() = default;
    Reservation(Reservation&& other) noexcept;
    Reservation& operator=(Reservation&& other) noexcept;
    ~Reservation() { release(); }
    void release();

  private:
    friend class Ledger;
    Ledger* ledger_ = nullptr;
    std::string tenant_;
    int64_t micros_ = 0;
};

struct Admission {
    bool is_within_budget = true;
    OverBudget policy = OverBudget::kRefuse;  // when it is not
    /// For the route: what this turn may cost; empty without a budget.
    std::optional<int64_t> left_micros;
    Reservation reservation;  // keep it as long as the turn runs
};

class Ledger {
  public:
    explicit Ledger(Budgets budgets = {}) : budgets_(std::move(budgets)) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    struct Charge {
        std::string_view tenant;
        std::string_view intent;
        std::string_view model;
        model::Price price;
        model::Usage usage;
    };
    /// Returns what it costs. `now_ms` is milliseconds since 1970.
    int64_t charge(const Charge& charge, int64_t now_ms = base::unix_ms());

    /// The ledger outlives the reservation.
    [[nodiscard]] Admission admit(std::string_view tenant, int64_t expected_micros,
                                  int64_t now_ms = base::unix_ms());
    /// After a reload of the configuration.
    void set_budgets(Budgets budgets);

    /// Ordered by day, tenant, intent and model. At most 35 days are kept.
    [[nodiscard]] std::vector<LedgerRow> rows() const;
    /// Adds to what is there.
    void restore(const std::vector<LedgerRow>& rows);
    /// For /admin/costs: totals of today and of all days kept, by model, intent, tenant and day,
    /// and the budgets.
    [[nodiscard]] std::string json(int64_t now_ms = base::unix_ms()) const;

  private:
    friend class Reservation;
    using Key = std::tuple<int64_t, std::string, std::string, std::string>;  // day since 1970 first

    void release(const std::string& tenant, int64_t micros);
    LedgerRow& row(int64_t day, std::string_view tenant, std::string_view intent,
                   std::string_view model);
    void add_spent(int64_t day, std::string_view tenant, int64_t micros);
    void start_day(int64_t day);
    [[nodiscard]] std::optional<int64_t> budget_of(std::string_view tenant) const;
    [[nodiscard]] std::optional<int64_t> left(std::string_view tenant) const;

    mutable std::mutex mutex_;
    Budgets budgets_;  // the rest too is guarded by mutex_
    std::map<Key, LedgerRow> rows_;
    int64_t day_ = 0;  // that spent_ is about
    int64_t spent_ = 0;
    int64_t reserved_ = 0;
    std::map<std::string, int64_t, std::less<>> spent_by_;  // tenant
    std::map<std::string, int64_t, std::less<>> reserved_by_;
};

}  // namespace hayate::route
