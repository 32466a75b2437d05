#pragma once
// The stores as the engine sees them: small interfaces, one per capability, each with one folder
// per back end. Every call may wait, so every call takes a deadline and a cancel token. All are
// thread-safe.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"
#include "io/store/outcome.hpp"
#include "io/store/product_filter.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

/// How long a call may take and who may end it.
struct Wait {
    Deadline deadline = Deadline::never();
    CancelToken token{};
};

class SessionStore {
  public:
    virtual ~SessionStore() = default;

    struct NewTurn {
        Owner owner;
        std::string session;
        bool opens_session = true;  // create it for the owner when it does not exist
        std::string client_msg_id;  // may be empty: then a repeated message is a new one
        std::string response_id;
        std::string question;
        std::string language;
        /// Answer this turn's question again; `question` is then ignored.
        std::optional<int64_t> regenerates;
    };
    struct Begun {
        Turn turn;
        /// False: this client_msg_id was accepted before, `turn` is what it became.
        bool is_new = true;
        /// What the customer may be replying to: the turn before this one (before the first try at
        /// it, when it is answered again), if its answer asked back.
        std::optional<AskedBack> replies_to{};
    };
    /// Stores the question, durably, before any model is called. kNotFound: the session belongs to
    /// someone else or does not exist, or the turn to regenerate does not exist. kConflict with
    /// code "turn_running": the session's last turn has not ended. A caller that gives up
    /// (deadline, cancel) leaves no turn behind.
    virtual Task<Result<Begun>> begin_turn(NewTurn turn, Wait wait) = 0;
    /// Stores the answer, durably, before `final` is sent: answer, state, cards, sources, model,
    /// times and `asked_back` of `turn`. kNotFound: no such turn (its session may have been
    /// removed). kConflict, code "turn_ended": it has ended already.
    virtual Task<Status> end_turn(Turn turn, Wait wait) = 0;
    /// The last `count` turns that have an answer, oldest first; empty for a session that does not
    /// exist. A turn that is being or has been answered again by a later one is left out.
    virtual Task<Result<std::vector<Turn>>> history(Owner owner, std::string session, int count,
                                                    Wait wait) = 0;
    /// The latest first.
    virtual Task<Result<std::vector<SessionSummary>>> list(Owner owner, int count, Wait wait) = 0;
    /// All turns, oldest first. kNotFound also when it is someone else's.
    virtual Task<Result<std::vector<Turn>>> turns(Owner owner, std::string session, Wait wait) = 0;
    /// kNotFound also when it is someone else's.
    virtual Task<Status> remove(Owner owner, std::string session, Wait wait) = 0;
    /// At start, by the serving process alone: turns left running by a killed one become
    /// incomplete. Returns how many.
    virtual Task<Result<int64_t>> recover(Wait wait) = 0;
};

class ProfileStore {
  public:
    virtual ~ProfileStore() = default;
    virtual Task<Result<std::optional<Customer>>> customer(std::string id, Wait wait) = 0;
    /// For the demo sign-in, at most `count`.
    virtual Task<Result<std::vector<Customer>>> customers(int count, Wait wait) = 0;
};

class OrderStore {
  public:
    virtual ~OrderStore() = default;
    /// An order of another customer is not found, exactly like an unknown one.
    virtual Task<Result<std::optional<Order>>> order(std::string id, std::string customer,
                                                     Wait wait) = 0;
    /// Newest first.
    virtual Task<Result<std::vector<Order>>> orders_of(std::string customer, int count,
                                                       Wait wait) = 0;
};

enum class HitKind : uint8_t { kSeries, kFaq };

/// One retrieved document. `score` is the fused rank score; `similarity` the cosine to the
/// question, in [-1, 1].
struct Hit {
    HitKind kind = HitKind::kSeries;
    double score = 0;
    std::optional<double> similarity{};  // absent when the question has no vector
    bool is_named = false;               // the question names this series, or one who made it
    bool has_rare_word = false;          // it has a word of the question that few others have
    Series series;                       // when kSeries
    std::vector<Product> products;  // of that series, best match to the question first, at most 6
    FaqEntry faq;                   // when kFaq
};

class CatalogStore {
  public:
    virtual ~CatalogStore() = default;
    /// Words (FTS) and vectors fused by reciprocal rank, best first, at most `count`. `vector` is
    /// the question's embedding; empty: words alone. Of a series, only the products that `filter`
    /// lets pass are shown, and none without any; FAQ entries are found as ever.
    virtual Task<Result<std::vector<Hit>>> search(std::string question, std::vector<float> vector,
                                                  int count, ProductFilter filter, Wait wait) = 0;
    Task<Result<std::vector<Hit>>> search(std::string question, std::vector<float> vector,
                                          int count, Wait wait) {
        return search(std::move(question), std::move(vector), count, ProductFilter{},
                      std::move(wait));
    }
    /// The products that satisfy all of `filter`, by series in the order it asks for, at most
    /// `count` series; empty when nothing fits. `question` and `vector` rank by relevance, and may
    /// both be empty. `filter.series.none` keeps out what it names even when the question names it.
    virtual Task<Result<std::vector<Hit>>> find_products(ProductFilter filter, std::string question,
                                                         std::vector<float> vector, int count,
                                                         Wait wait) = 0;
    virtual Task<Result<std::optional<Product>>> product(std::string sku, Wait wait) = 0;
    virtual Task<Result<std::optional<Series>>> series(std::string id, Wait wait) = 0;
};

class CaseStore {
  public:
    virtual ~CaseStore() = default;
    /// Opens a case, durably, before the customer is told its number. Once for each response id: a
    /// repeated call gives the case that exists, as it is.
    virtual Task<Result<Case>> open(NewCase opened, Wait wait) = 0;
    /// Newest first, at most `count` and kCasesPerPageMax, those with a number below `before`.
    virtual Task<Result<std::vector<Case>>> list(CaseFilter filter, int count,
                                                 std::optional<int64_t> before, Wait wait) = 0;
    /// kNotFound for an unknown id; closing twice keeps the first time.
    virtual Task<Result<Case>> close(std::string id, Wait wait) = 0;
};

/// What became of each turn. Bounded: the oldest go.
class OutcomeStore {
  public:
    virtual ~OutcomeStore() = default;
    /// Queues the outcome of a turn that ends, and waits for nothing: it is stored before any write
    /// that is asked for later. When the queue is full it is dropped, which is logged.
    virtual void add(Outcome outcome) = 0;
    /// The last one given wins; kNone takes it back. kNotFound, code "answer_not_found": no answer
    /// that has ended has this id, or it is someone else's, or its conversation has been removed.
    virtual Task<Result<Thumbed>> set_thumb(Owner owner, std::string response_id, Thumb thumb,
                                            Wait wait) = 0;
    /// Newest first, at most `count` and kOutcomesPerPageMax, those with a number below `before`.
    virtual Task<Result<std::vector<Outcome>>> latest(OutcomeFilter filter, int count,
                                                      std::optional<int64_t> before, Wait wait) = 0;
    /// Oldest first, those with a number above `after`.
    virtual Task<Result<std::vector<Outcome>>> since(OutcomeFilter filter, int count, int64_t after,
                                                     Wait wait) = 0;
};

struct ApiKey {
    std::string id;  // public, for listing and revoking
    std::string tenant;
    std::string role;  // user, service, admin
    std::string label;
    int64_t created_ms = 0;
    std::optional<int64_t> revoked_ms;
};

class KeyStore {
  public:
    virtual ~KeyStore() = default;
    /// `hash` is the hex SHA-256 of the whole key; the key itself is never stored.
    /// kConflict when the id or the hash exists already.
    virtual Task<Status> add(ApiKey key, std::string hash, Wait wait) = 0;
    /// A revoked key is not found.
    virtual Task<Result<std::optional<ApiKey>>> find(std::string hash, Wait wait) = 0;
    virtual Task<Result<std::vector<ApiKey>>> list(Wait wait) = 0;
    /// kNotFound for an unknown id; revoking twice keeps the first time.
    virtual Task<Status> revoke(std::string id, Wait wait) = 0;
};

}  // namespace hayate::store
