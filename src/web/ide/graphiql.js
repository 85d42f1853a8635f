// Starts GraphiQL on this catalogue; ?query= and ?variables= fill the editors, ?lang= sets the language of the answers.
(function () {
  'use strict';
  var asked = new URLSearchParams(window.location.search);
  var headers = asked.get('lang') ? { 'Accept-Language': asked.get('lang') } : {};
  var fetcher = GraphiQL.createFetcher({ url: '/graphql', headers: headers });
  var first = '# Who holds which migration data? Ask with Ctrl-Enter.\n{\n  catalogue { name datasetCount institutionCount }\n}\n';
  var options = {
    fetcher: fetcher,
    defaultQuery: first,
    query: asked.get('query') || undefined,
    variables: asked.get('variables') || undefined,
    shouldPersistHeaders: false
  };
  ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, options));
})();
