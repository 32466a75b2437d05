#pragma once
// The sources that come with the stores: retrieval, session, profile, orders.

#include <functional>
#include <string>
#include <vector>

#include "engine/gather/gather.hpp"
#include "io/runtime/blocking_pool.hpp"

namespace hayate::gather {

/// Turns texts into vectors, on worker threads.
class Embedding {
  public:
    using Embed = std::function<std::vector<float>(std::string_view text)>;
    /// Without `embed` there are no vectors: search goes by words alone.
    Embedding(runtime::BlockingPool& pool, Embed embed) : pool_(pool), embed_(std::move(embed)) {}
    [[nodiscard]] bool is_there() const { return static_cast<bool>(embed_); }
    /// Empty when there is no embedder, or no time.
    Task<std::vector<float>> vector_of(std::string text, store::Wait wait);

  private:
    runtime::BlockingPool& pool_;
    Embed embed_;
};

/// Searches catalog and FAQ, by the question's words and its vector; lists products when these are
/// asked for by their properties.
class RetrievalSource : public Source {
  public:
    /// `profiles` tells what a customer owns.
    RetrievalSource(store::CatalogStore& catalog, store::ProfileStore& profiles,
                    Embedding& embedding)
        : catalog_(catalog), profiles_(profiles), embedding_(embedding) {}
    [[nodiscard]] std::string name() const override { return "retrieval"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

  private:
    store::CatalogStore& catalog_;
    store::ProfileStore& profiles_;
    Embedding& embedding_;
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

/// The order that the question names, else the customer's latest ones.
class OrdersSource : public Source {
  public:
    explicit OrdersSource(store::OrderStore& orders) : orders_(orders) {}
    [[nodiscard]] std::string name() const override { return "orders"; }
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

  private:
    store::OrderStore& orders_;
};

}  // namespace hayate::gather
