//! The query page: GraphiQL where the build could fetch it, else a plain page of our own. Neither needs the internet.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};

/// A file of the page.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    body: &'static [u8],
}

#[cfg(rihla_graphiql)]
const ASSETS: &[Asset] = &[
    Asset {
        name: "graphiql.min.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_bytes!(concat!(env!("OUT_DIR"), "/ide/graphiql.min.js")),
    },
    Asset {
        name: "graphiql.min.css",
        media_type: "text/css; charset=utf-8",
        body: include_bytes!(concat!(env!("OUT_DIR"), "/ide/graphiql.min.css")),
    },
    Asset {
        name: "react.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_bytes!(concat!(env!("OUT_DIR"), "/ide/react.js")),
    },
    Asset {
        name: "react-dom.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_bytes!(concat!(env!("OUT_DIR"), "/ide/react-dom.js")),
    },
    Asset { name: "ide.js", media_type: "text/javascript; charset=utf-8", body: include_bytes!("ide/graphiql.js") },
    START_CSS,
    ACCOUNT_CSS,
];

#[cfg(not(rihla_graphiql))]
const ASSETS: &[Asset] =
    &[Asset { name: "ide.js", media_type: "text/javascript; charset=utf-8", body: include_bytes!("ide/plain.js") }, START_CSS, ACCOUNT_CSS];

const START_CSS: Asset = Asset { name: "start.css", media_type: "text/css; charset=utf-8", body: include_bytes!("ide/start.css") };

const ACCOUNT_CSS: Asset = Asset { name: "account.css", media_type: "text/css; charset=utf-8", body: include_bytes!("ide/account.css") };

#[cfg(rihla_graphiql)]
const PAGE: &str = include_str!("ide/graphiql.html");
#[cfg(not(rihla_graphiql))]
const PAGE: &str = include_str!("ide/plain.html");

/// What is told where no script runs, in three languages, and where it stands in the page.
const NOTICE: &str = include_str!("ide/notice.html");
const NOTICE_PLACE: &str = "<!-- notice -->\n";

/// `/graphiql`.
pub async fn page() -> HttpResponse {
    // GraphiQL sets styles on elements and carries its fonts and pictures as data.
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src data:; \
                  connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header((CONTENT_SECURITY_POLICY, policy)).body(PAGE.replacen(
        NOTICE_PLACE,
        NOTICE,
        1,
    ))
}

/// `/assets/{name}`.
pub async fn asset(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|asset| asset.name == name.as_str()) {
        Some(asset) => {
            HttpResponse::Ok().content_type(asset.media_type).insert_header((CACHE_CONTROL, "public, max-age=86400")).body(asset.body)
        }
        None => super::absence::not_found(&request),
    }
}
