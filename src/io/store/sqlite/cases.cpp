#include "io/store/sqlite/cases.hpp"

#include <algorithm>

#include "core/base/deadline.hpp"
#include "core/text/cut.hpp"

namespace hayate::store {
namespace {

// The columns that read_case reads, in its order.
#define HAYATE_CASE_COLUMNS                                                                \
    "number, response_id, tenant, subject, session, kind, order_id, sku, summary, state, " \
    "created_ms, closed_ms"

Case read_case(const Rows& rows) {
    Case read;
    read.number = rows.integer(0);
    read.id = case_id_of(read.number);
    read.response_id = rows.text(1);
    read.owner = {rows.text(2), rows.text(3)};
    read.session = rows.text(4);
    read.kind = case_kind_of(rows.view(5));
    read.order = rows.text(6);
    read.sku = rows.text(7);
    read.summary = rows.text(8);
    read.is_open = rows.view(9) == "open";
    read.created_ms = rows.integer(10);
    read.closed_ms = rows.optional_integer(11);
    return read;
}

Result<std::vector<Case>> collect(Rows rows) {
    std::vector<Case> cases;
    while (rows.next()) cases.push_back(read_case(rows));
    if (!rows.status()) return fail(rows.error());
    return cases;
}

Result<Case> only(Result<std::vector<Case>> cases) {
    if (!cases) return fail(cases.error());
    if (!cases->empty()) return std::move(cases->front());
    return fail(base::public_error(ErrorKind::kNotFound, "store", "There is no such case.",
                                   "case_not_found"));
}

Result<Case> open_case(Connection& connection, const NewCase& opened) {
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    const std::string summary(text::cut_graphemes(opened.summary, kCaseSummaryBytesMax));
    // One writer at a time: nothing comes between the look and the insertion, and no number is
    // lost to a case that exists.
    const auto inserted = connection.run(
        "INSERT INTO cases(response_id, tenant, subject, session, kind, order_id, sku, summary, "
        "created_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 "
        "WHERE NOT EXISTS (SELECT 1 FROM cases WHERE response_id = ?1)",
        opened.response_id, opened.owner.tenant, opened.owner.subject, opened.session,
        name_of(opened.kind), text_or_null(opened.order), text_or_null(opened.sku), summary,
        base::unix_ms());
    if (!inserted) return fail(inserted.error());
    return only(collect(connection.query(
        "SELECT " HAYATE_CASE_COLUMNS " FROM cases WHERE response_id = ?1", opened.response_id)));
}

Result<Case> close_case(Connection& connection, int64_t number) {
    const auto closed = connection.run(
        "UPDATE cases SET state = 'closed', closed_ms = coalesce(closed_ms, ?2) WHERE number = ?1",
        number, base::unix_ms());
    if (!closed) return fail(closed.error());
    return only(collect(
        connection.query("SELECT " HAYATE_CASE_COLUMNS " FROM cases WHERE number = ?1", number)));
}

}  // namespace

Task<Result<Case>> SqliteCaseStore::open(NewCase opened, Wait wait) {
    if (opened.response_id.empty()) co_return fail(ErrorKind::kBadRequest, "store", "no response");
    co_return co_await database_->write(
        [opened = std::move(opened)](Connection& connection) {
            return open_case(connection, opened);
        },
        wait);
}

Task<Result<std::vector<Case>>> SqliteCaseStore::list(CaseFilter filter, int count,
                                                      std::optional<int64_t> before, Wait wait) {
    const auto read = [filter = std::move(filter), count, before](Connection& connection) {
        const auto state =
            filter.is_open ? std::optional(*filter.is_open ? "open" : "closed") : std::nullopt;
        const auto tenant = filter.owner ? std::optional(filter.owner->tenant) : std::nullopt;
        const auto subject = filter.owner ? std::optional(filter.owner->subject) : std::nullopt;
        return collect(connection.query(
            "SELECT " HAYATE_CASE_COLUMNS
            " FROM cases WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR tenant = ?2) AND "
            "(?3 IS NULL OR subject = ?3) AND (?4 IS NULL OR number < ?4) "
            "ORDER BY number DESC LIMIT ?5",
            state, tenant, subject, before, std::clamp(count, 0, kCasesPerPageMax)));
    };
    co_return co_await database_->read(read, wait);
}

Task<Result<Case>> SqliteCaseStore::close(std::string id, Wait wait) {
    const auto number = case_number_of(id);
    co_return co_await database_->write(
        // No case has the number 0: an id that cannot be one is answered like an unknown one.
        [number = number.value_or(0)](Connection& connection) {
            return close_case(connection, number);
        },
        wait);
}

#undef HAYATE_CASE_COLUMNS

}  // namespace hayate::store
