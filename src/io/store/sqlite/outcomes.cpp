#include "io/store/sqlite/outcomes.hpp"

#include <algorithm>

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"

namespace hayate::store {
namespace {

// The columns that read_outcome reads, in its order.
#define HAYATE_OUTCOME_COLUMNS                                                                  \
    "number, response_id, tenant, subject, session, intent, language, tier, model, "            \
    "verdict, reason, rejected, degraded, position, thumb, thumb_ms, first_word_ms, total_ms, " \
    "created_ms"

Outcome read_outcome(const Rows& rows) {
    Outcome read;
    read.number = rows.integer(0);
    read.response_id = rows.text(1);
    read.owner = {rows.text(2), rows.text(3)};
    read.session = rows.text(4);
    read.intent = rows.text(5);
    read.language = rows.text(6);
    read.tier = rows.text(7);
    read.model = rows.text(8);
    read.verdict = verdict_of(rows.view(9)).value_or(Verdict::kUnknown);
    read.reason = rows.text(10);
    read.rejected_json = rows.text(11);
    read.degraded_json = rows.text(12);
    read.position = rows.integer(13);
    read.thumb = thumb_of(rows.integer(14));
    read.thumb_ms = rows.optional_integer(15);
    read.first_word_ms = rows.integer(16);
    read.total_ms = rows.integer(17);
    read.created_ms = rows.integer(18);
    return read;
}

Result<std::vector<Outcome>> collect(Rows rows) {
    std::vector<Outcome> outcomes;
    while (rows.next()) outcomes.push_back(read_outcome(rows));
    if (!rows.status()) return fail(rows.error());
    return outcomes;
}

Status insert(Connection& connection, const Outcome& outcome, int64_t kept) {
    const auto inserted = connection.run(
        "INSERT OR IGNORE INTO outcomes(response_id, tenant, subject, session, intent, language, "
        "tier, model, verdict, reason, rejected, degraded, position, first_word_ms, total_ms, "
        "created_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        outcome.response_id, outcome.owner.tenant, outcome.owner.subject, outcome.session,
        outcome.intent, outcome.language, outcome.tier, outcome.model, name_of(outcome.verdict),
        outcome.reason, outcome.rejected_json, outcome.degraded_json, outcome.position,
        outcome.first_word_ms, outcome.total_ms, outcome.created_ms);
    if (!inserted) return fail(inserted.error());
    const auto removed = connection.run(
        "DELETE FROM outcomes WHERE number <= (SELECT max(number) FROM outcomes) - ?1", kept);
    return removed ? Status{} : fail(removed.error());
}

Result<Thumbed> set_thumb_of(Connection& connection, const Owner& owner,
                             const std::string& response_id, Thumb thumb) {
    auto found = collect(connection.query("SELECT " HAYATE_OUTCOME_COLUMNS
                                          " FROM outcomes WHERE response_id = ?1 AND tenant = ?2 "
                                          "AND subject = ?3",
                                          response_id, owner.tenant, owner.subject));
    if (!found) return fail(found.error());
    if (found->empty()) {
        return fail(base::public_error(ErrorKind::kNotFound, "store",
                                       "There is no such answer, or it has not ended yet.",
                                       "answer_not_found"));
    }
    const Outcome& outcome = found->front();
    Thumbed thumbed{.lesson = {.intent = outcome.intent,
                               .tier = outcome.tier,
                               .model = outcome.model,
                               .position = outcome.position,
                               .verdict = outcome.verdict,
                               .thumb = thumb},
                    .before = outcome.thumb};
    if (outcome.thumb == thumb) return thumbed;
    const auto changed =
        connection.run("UPDATE outcomes SET thumb = ?2, thumb_ms = ?3 WHERE number = ?1",
                       outcome.number, static_cast<int>(thumb), base::unix_ms());
    if (!changed) return fail(changed.error());
    return thumbed;
}

/// The filter as SQL parameters: null lets everything pass.
struct Passing {
    explicit Passing(const OutcomeFilter& filter)
        : verdict(filter.verdict ? std::optional(name_of(*filter.verdict)) : std::nullopt),
          thumb(filter.thumb ? std::optional(static_cast<int>(*filter.thumb)) : std::nullopt),
          intent(filter.intent) {}
    std::optional<std::string_view> verdict;
    std::optional<int> thumb;
    std::optional<std::string> intent;
};

#define HAYATE_OUTCOMES_PASSING                                                         \
    "SELECT " HAYATE_OUTCOME_COLUMNS                                                    \
    " FROM outcomes WHERE (?1 IS NULL OR verdict = ?1) AND (?2 IS NULL OR thumb = ?2) " \
    "AND (?3 IS NULL OR intent = ?3) "

int page_of(int count) { return std::clamp(count, 0, kOutcomesPerPageMax); }

}  // namespace

void SqliteOutcomeStore::add(Outcome outcome) {
    const bool is_queued = database_->try_post_write(
        "outcome_not_stored", [outcome = std::move(outcome), kept = kept_](Connection& connection) {
            return insert(connection, outcome, kept);
        });
    if (!is_queued) base::log_warning("outcome_not_stored", {{"reason", "queue full"}});
}

Task<Result<Thumbed>> SqliteOutcomeStore::set_thumb(Owner owner, std::string response_id,
                                                    Thumb thumb, Wait wait) {
    co_return co_await database_->write(
        [=](Connection& connection) { return set_thumb_of(connection, owner, response_id, thumb); },
        wait);
}

Task<Result<std::vector<Outcome>>> SqliteOutcomeStore::latest(OutcomeFilter filter, int count,
                                                              std::optional<int64_t> before,
                                                              Wait wait) {
    co_return co_await database_->read(
        [filter = std::move(filter), count, before](Connection& connection) {
            const Passing passing(filter);
            return collect(connection.query(HAYATE_OUTCOMES_PASSING
                                            "AND (?4 IS NULL OR number < ?4) "
                                            "ORDER BY number DESC LIMIT ?5",
                                            passing.verdict, passing.thumb, passing.intent, before,
                                            page_of(count)));
        },
        wait);
}

Task<Result<std::vector<Outcome>>> SqliteOutcomeStore::since(OutcomeFilter filter, int count,
                                                             int64_t after, Wait wait) {
    co_return co_await database_->read(
        [filter = std::move(filter), count, after](Connection& connection) {
            const Passing passing(filter);
            return collect(connection.query(
                HAYATE_OUTCOMES_PASSING "AND number > ?4 ORDER BY number LIMIT ?5", passing.verdict,
                passing.thumb, passing.intent, after, page_of(count)));
        },
        wait);
}

Result<std::vector<Lesson>> load_lessons(Database& database) {
    return database.read_blocking([](Connection& connection) -> Result<std::vector<Lesson>> {
        Rows rows = connection.query(
            "SELECT intent, tier, model, position, verdict, 0, thumb FROM outcomes "
            "WHERE position > 0 UNION ALL "
            "SELECT o.intent, o.tier, r.value ->> 'model', r.value ->> 'position', o.verdict, 1, 0 "
            "FROM outcomes AS o, json_each(o.rejected) AS r WHERE r.value ->> 'position' > 0");
        std::vector<Lesson> lessons;
        while (rows.next()) {
            lessons.push_back({.intent = rows.text(0),
                               .tier = rows.text(1),
                               .model = rows.text(2),
                               .position = rows.integer(3),
                               .verdict = verdict_of(rows.view(4)).value_or(Verdict::kUnknown),
                               .is_rejected = rows.integer(5) != 0,
                               .thumb = thumb_of(rows.integer(6))});
        }
        if (!rows.status()) return fail(rows.error());
        return lessons;
    });
}

#undef HAYATE_OUTCOMES_PASSING
#undef HAYATE_OUTCOME_COLUMNS

}  // namespace hayate::store
