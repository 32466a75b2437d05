#pragma once
// The sources that come with the stores: retrieval, session, profile, orders.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/gather/gather.hpp"
#include "io/runtime/blocking_pool.hpp"

namespace hayate::gather {

/// Turns a text into its vector, on a worker thread. Empty function: search by words alone.
using Embed = std::function<std::vector<float>(std::string_view text)>;

/// Embeds the question and searches catalog and FAQ.
class RetrievalSource : public Source {
  public:
    RetrievalSource(store::CatalogStore& catalog, runtime::BlockingPool& pool, Embed embed)
        : catalog_(catalog), pool_(pool), embed_(std::move(embed)) {}
    [[nodiscard]] std::string name() const override { return "retrieval"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

  private:
    store::CatalogStore& catalog_;
    runtime::BlockingPool& pool_;
    Embed embed_;
};

class SessionSource : public Source {
  public:
    explicit SessionSource(store::SessionStore& sessions) : sessions_(sessions) {}
    [[nodiscard]] std::string name() const override { return "session"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

  private:
    store::SessionStore& sessions_;
};

class ProfileSource : public Source {
  public:
    explicit ProfileSource(store::ProfileStore& profiles) : profiles_(profiles) {}
    [[nodiscard]] std::string name() const override { return "profile"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

  private:
    store::ProfileStore& profiles_;
};

/// The order named in the question, else the customer's latest ones.
class OrdersSource : public Source {
  public:
    OrdersSource(store::OrderStore& orders, const std::string& order_pattern);
    ~OrdersSource() override;
    [[nodiscard]] std::string name() const override { return "orders"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;
    /// The first order number in a text, in upper case.
    [[nodiscard]] std::optional<std::string> order_in(const std::string& text) const;

  private:
    struct Pattern;
    store::OrderStore& orders_;
    std::unique_ptr<Pattern> pattern_;
};

}  // namespace hayate::gather
